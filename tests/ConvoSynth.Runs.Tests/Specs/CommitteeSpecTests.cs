using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Tests.Specs;

/// <summary>Seats and committee as a spec names them, and as a run folder keeps them.</summary>
public sealed class CommitteeSpecTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-spec-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Seats_have_names_endpoints_and_rubrics_and_the_committee_its_settings()
    {
        var roles = Roles(
            "judges: [gpt, {name: strict, endpoint: gpt, rubric: \"Prices first.\"}], committee: {blueprints: true, full_share: 0.1}"
        );

        roles.Judges.Should().Equal(new SeatSpec("gpt", "gpt"), new SeatSpec("strict", "gpt") { Rubric = "Prices first." });
        roles.Committee.Should().Be(new CommitteeSpec { Blueprints = true, FullShare = 0.1 });
        Roles("judges: gpt").Should().Match<RoleEndpoints>(r => r.Judges.Single() == "gpt" && r.Committee == new CommitteeSpec());
        Roles("writer: gpt").Committee.Should().BeNull("without judges there is no committee");
    }

    [Fact]
    public void A_calibration_is_named_from_the_folder_of_the_spec_with_its_bounds()
    {
        var path = Write("judges: [gpt], committee: {calibration: seats.json, min_specificity: 0.9}");

        RunFile
            .Read(path)
            .Calibration.Should()
            .Be(new NamedCalibration(Path.GetRelativePath(".", Path.Combine(_folder.FullName, "seats.json")), new(0.5, 0.9)));
        RunFile.Read(Write("judges: [gpt], committee: {calibration: seats.json}")).Calibration!.Bounds.Should().BeNull();
        RunFile.Read(Write("judges: [gpt]")).Calibration.Should().BeNull();
    }

    [Theory]
    [InlineData("judges: [{name: x}]", "\"endpoint\" is missing")]
    [InlineData("judges: [gpt], committee: {full_share: 2}", "full_share is 2; it must be from 0 to 1")]
    [InlineData("judges: [gpt], committee: {min_sensitivity: 0.5}", "a bound for judges needs their figures")]
    [InlineData("judges: [gpt], committee: {share: 0.5}", "unknown key \"share\"")]
    public void A_committee_that_cannot_be_is_refused_with_its_line(string line, string problem) =>
        FluentActions.Invoking(() => Roles(line)).Should().Throw<RunException>().WithMessage($"*spec.yaml:1*{problem}*");

    [Theory]
    [InlineData("judges: [gpt, gpt]", "two judges have the name \"gpt\"")]
    [InlineData("judges: [{name: \"a b\", endpoint: gpt}]", "the judge's name \"a b\" must be")]
    [InlineData("judges: [{name: a, endpoint: gpt, rubric: \"\"}]", "the rubric of the judge \"a\" has 0 characters")]
    [InlineData("committee: {blueprints: true}", "no judge is named")]
    public void Seats_that_no_run_can_have_are_one_sentence(string line, string problem) =>
        EndpointProblems.Of([Endpoint], Roles(line)).Should().Contain(problem);

    [Fact]
    public void A_run_without_a_seat_that_may_vote_is_refused_with_the_reason_of_each()
    {
        var roles = Roles("judges: [gpt]");

        EndpointProblems
            .Of([Endpoint], roles with { Judges = [new("gpt", "gpt") { Barred = "it finds 1 of 9 faults" }] })
            .Should()
            .Be("no judge of the committee may vote: gpt: it finds 1 of 9 faults");
        EndpointProblems.Of([Endpoint], roles).Should().BeNull();
    }

    [Fact]
    public void Run_json_keeps_a_plain_seat_as_a_string_and_no_trace_of_a_committee_that_is_not_there()
    {
        var plain = Roles("writer: gpt") with { Judges = ["gpt"] };
        var whole = plain with { Judges = ["gpt", new("b", "gpt") { Rubric = "r", Barred = "w" }], Committee = new() };

        JsonSerializer.Serialize(plain).Should().Contain("\"Judges\":[\"gpt\"]").And.NotContain("Committee");
        var read = JsonSerializer.Deserialize<RoleEndpoints>(JsonSerializer.Serialize(whole))!;
        read.Judges.Should().Equal(whole.Judges);
        read.Committee.Should().Be(whole.Committee);
        read.Voting.Should().Equal(new SeatSpec("gpt", "gpt"));
        read.All().Count(r => r.Role == "judges").Should().Be(1, "an endpoint of a barred seat is not needed");
    }

    private static EndpointSpec Endpoint { get; } =
        new()
        {
            Name = "gpt",
            Provider = EndpointProvider.OpenAICompatible,
            Model = "m",
            Url = "http://localhost:1/v1",
        };

    private RoleEndpoints Roles(string more) => RunFile.Read(Write(more)).Roles!;

    private string Write(string more)
    {
        var path = Path.Combine(_folder.FullName, "spec.yaml");
        File.WriteAllText(path, $"roles: {{human: gpt, agent: gpt, {more}}}\n");
        return path;
    }
}
