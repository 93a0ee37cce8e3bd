using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Calibrations;

namespace ConvoSynth.Runs.Tests.Calibrations;

public sealed class CalibratedSeatsTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_report_bars_seats_of_a_run_and_other_bounds_let_them_vote()
    {
        var (roles, endpoints) = await Measured();

        var barred = CalibratedSeats.Of(roles, endpoints, new(_file, null));
        var lenient = CalibratedSeats.Of(roles, endpoints, new(_file, new(0, 0)));

        barred.Voting.Select(v => v.Name).Should().Equal("good");
        barred.Judges.Single(j => j.Name == "nay").Barred.Should().StartWith("it finds ");
        lenient.Voting.Select(v => v.Name).Should().Equal("good", "nay");
    }

    [Fact]
    public async Task A_report_about_another_model_rubric_or_seat_is_refused()
    {
        var (roles, endpoints) = await Measured();

        Sentence(roles, [.. endpoints.Select(e => e with { Model = "newer" })])
            .Should()
            .Be(
                $"the judge \"good\": the calibration {_file} is about the model model-of-good of the endpoint good; "
                    + "make it again with: convosynth judges calibrate"
            );
        Sentence(roles with { Judges = [new("good", "good") { Rubric = "prices" }] }, endpoints)
            .Should()
            .Contain("is about another rubric");
        Sentence(roles with { Judges = ["talks"] }, endpoints).Should().Contain("has no figures of it");
        Sentence(roles, [.. endpoints.Select(e => e with { Rehearsal = false })]).Should().Contain("is simulated by the test endpoint");
        File.WriteAllText(_file, "{}");
        Sentence(roles, endpoints).Should().StartWith($"{_file} is no calibration");
        File.Delete(_file);
        Sentence(roles, endpoints).Should().Contain("does not exist; make it with: convosynth judges calibrate --out");
    }

    private string Sentence(RoleEndpoints roles, ImmutableArray<EndpointSpec> endpoints) =>
        FluentActions.Invoking(() => CalibratedSeats.Of(roles, endpoints, new(_file, null))).Should().Throw<RunException>().Which.Message;

    private async Task<(RoleEndpoints Roles, ImmutableArray<EndpointSpec> Endpoints)> Measured()
    {
        var report = await CalibrationRun.Of(60, 0, "good=miss:0.05,alarm:0", "nay=no");
        await File.WriteAllTextAsync(_file, report.ToJson());
        var spec = CalibrationRun.Spec(new("http://127.0.0.1:1/"), ["good", "nay"]);
        return (spec.Roles!, spec.Endpoints);
    }
}
