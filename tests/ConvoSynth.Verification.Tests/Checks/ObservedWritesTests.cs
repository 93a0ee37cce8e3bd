using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Write, observation and report must agree, and arguments must have the spelling of their schema.</summary>
public sealed class ObservedWritesTests : IDisposable
{
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(TestPacks.Shipped("airline")));
    private static readonly Lazy<Blueprint> Upgrade = new(() => Sampled(Airline.Value));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-pack-");

    [Theory]
    [InlineData("business", Outcome.Pass)]
    [InlineData("economy", Outcome.Fail)]
    [InlineData("basic economy", Outcome.Fail)]
    public void A_report_that_names_another_cabin_than_the_observation_fails(string cabin, Outcome outcome) =>
        Verdicts(Airline.Value, $"Reservation {Reservation} is now in {cabin}.")
            .Should()
            .Contain(v => v.Check == "observed" && v.Outcome == outcome);

    [Fact]
    public void A_question_about_another_cabin_is_no_report() =>
        Verdicts(Airline.Value, $"Done. Was reservation {Reservation} in economy before?")
            .Should()
            .Contain(v => v.Check == "observed" && v.Outcome == Outcome.Pass);

    [Fact]
    public void The_shipped_tools_show_what_they_wrote() =>
        Verdicts(Airline.Value, "Done.").Should().Contain(v => v.Check == "written" && v.Outcome == Outcome.Pass);

    [Fact]
    public void A_tool_whose_observation_contradicts_its_write_is_the_environments_fault()
    {
        foreach (var file in Directory.EnumerateFiles(TestPacks.Shipped("airline")))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        var tools = Path.Combine(_folder.FullName, "Tools.cs");
        var code = File.ReadAllText(tools);
        var broken = code.Replace("(db.IsBenchmark ? r : r.Set(\"cabin\", cabin))", "r", StringComparison.Ordinal);
        broken.Should().NotBe(code);
        File.WriteAllText(tools, broken);
        var found = Verdicts(PackLoading.Load(_folder.FullName), "Done.").Single(v => v.Check == "written");
        found.Should().Match<Verdict>(v => v.Outcome == Outcome.Fail && v.Fault == Fault.Environment);
        found.Evidence.Should().Contain("was given the cabin \"business\"").And.Contain("reservation.cabin");
    }

    [Fact]
    public void On_the_benchmark_oddities_are_no_fault() =>
        Verdicts(Airline.Value.AsBenchmark(), $"Reservation {Reservation} is now in business.")
            .Where(v => v.Check is "written" or "observed")
            .Should()
            .OnlyContain(v => v.Outcome == Outcome.Skipped);

    [Theory]
    [InlineData("2", false)]
    [InlineData("2.0", true)]
    [InlineData("2e0", true)]
    public void A_whole_number_that_is_written_with_a_point_or_an_exponent_fails(string weeks, bool fails)
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Human("Yes.")
            .Raw("renew_loan", $$"""{"loan_id":"L11","weeks":{{weeks}}}""")
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).Any(v => v.Check == "numbers" && v.Outcome == Outcome.Fail).Should().Be(fails);
    }

    [Theory]
    [InlineData("i'd like to renew Dune", "yes. go on", "that's all. bye", false)]
    [InlineData("I'd like to renew Dune.", "Yes. Go on.", "That's all. Bye.", true)]
    public void Capitals_of_a_persona_that_writes_in_lower_case_fail(string wish, string yes, string bye, bool fails)
    {
        var task = Tasks.Renewal with { Persona = new("casual", "in lower case", Json.Map(("lower_case", 1.0))) };
        var verdicts = new Talk(TestPacks.Loans).Human(wish).Agent("Shall I?").Human(yes).Agent("Done.").Stop(bye).Done().Verdicts(task);
        verdicts.Any(v => v is { Check: "manner", Outcome: Outcome.Fail, Fault: Fault.Human }).Should().Be(fails);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Reservation => Upgrade.Value.Actions.Last(a => a.Writes).Arguments["reservation_id"].Text!;

    private static Blueprint Sampled(Pack pack)
    {
        var sampler = new BlueprintSampler(pack);
        return Enumerable
            .Range(0, 400)
            .Select(i => sampler.Sample(new Seed(1), i))
            .First(b => b.Intent == "upgrade" && b.Actions.Any(a => a.Writes));
    }

    private static ImmutableArray<Verdict> Verdicts(Pack pack, string report)
    {
        var talk = new Talk(pack).Human("Please upgrade my trip.");
        foreach (var action in Upgrade.Value.Actions)
            talk.Raw(action.Tool, action.Arguments.ToString());
        return Verifier.Default(pack).Verify(pack, Upgrade.Value, talk.Agent(report).Stop().Done()).Verdicts;
    }
}
