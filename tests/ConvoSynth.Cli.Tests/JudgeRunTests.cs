using System.Text.Json.Nodes;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Cli.Tests;

/// <summary>Calibration of scripted judges, and runs on them over HTTP.</summary>
public sealed class JudgeRunTests : IDisposable
{
    private const int Count = 200;
    private const double Alarms = 0.2;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public async Task An_early_end_changes_no_status_and_accept_rate_agreement_and_cost_are_those_of_the_arithmetic(double together)
    {
        var correlation = FormattableString.Invariant($"{together}");
        using var endpoint = Endpoint(
            out var url,
            ["--judge-correlation", correlation, .. Erring("one"), .. Erring("two"), .. Erring("three")]
        );

        var full = await Generate("full", await url, "judges: [one, two, three], committee: {full_share: 1}");
        var early = await Generate("early", await url, "judges: [one, two, three], committee: {full_share: 0}");

        TestFolder.Statuses(early).Should().Equal(TestFolder.Statuses(full));
        var (whole, cheap) = (Summary(full), Summary(early));
        // Where all seats use one draw they err as one; else two or three of three err.
        var rejected = (together * Alarms) + ((1 - together) * ((3 * Alarms * Alarms * (1 - Alarms)) + (Alarms * Alarms * Alarms)));
        ((double)whole["accepted"]! / Count).Should().BeApproximately(1 - rejected, Sampling(rejected));
        whole["reasons"]!.AsObject().Single().Key.Should().Be("committee.correctness");
        ((bool)whole["committee"]!["simulated"]!).Should().BeTrue();
        var agreement = whole["committee"]!["criteria"]!["committee.correctness"]!;
        ((int)agreement["units"]!).Should().Be(Count);
        // No dialogue has a fault, so what two seats share beyond chance is the correlation of their errors.
        ((double)agreement["alpha"]!)
            .Should()
            .BeApproximately(together, 0.27);
        cheap["committee"].Should().BeNull("no dialogue was judged by all seats");
        var differ = 2 * Alarms * (1 - Alarms) * (1 - together);
        ((double)Judges(whole, "calls") / Count).Should().Be(3);
        ((double)Judges(cheap, "calls") / Count).Should().BeApproximately(2 + differ, Sampling(differ));
        var each = (double)Judges(whole, "tokens") / (3 * Count);
        ((double)Judges(cheap, "tokens")).Should().BeApproximately(each * Judges(cheap, "calls"), 0.02 * Judges(cheap, "tokens"));
        var talk = Lines(cheap).Where(l => (string)l["stage"]! == "dialogue").Sum(Tokens);
        ((long)cheap["tokens_per_accepted"]!)
            .Should()
            .Be((talk + Judges(cheap, "tokens")) / (long)cheap["accepted"]!, "the dialogues and the votes are all that it cost");

        static double Sampling(double share) => 4.5 * Math.Sqrt(share * (1 - share) / Count);
    }

    [Fact]
    public async Task Tasks_that_the_majority_rejects_are_not_played_at_the_rate_of_the_arithmetic()
    {
        using var endpoint = Endpoint(out var url, [.. Erring("one"), .. Erring("two"), .. Erring("three")]);

        var run = Summary(await Generate("tasks", await url, "judges: [one, two, three], committee: {blueprints: true}"));

        var rejected = (3 * Alarms * Alarms * (1 - Alarms)) + (Alarms * Alarms * Alarms);
        var unplayed = (long)run["reasons"]!["blueprint.correctness"]!;
        ((double)unplayed / Count).Should().BeApproximately(rejected, 4.5 * Math.Sqrt(rejected * (1 - rejected) / Count));
        ((long)run["early_stops"]!["dialogues"]!).Should().Be(unplayed);
        ((long)run["funnel"]!.AsArray().Single(f => (string)f!["step"]! == "blueprint")!["left"]!).Should().Be(Count - unplayed);
    }

    [Fact]
    public async Task A_calibration_keeps_bad_judges_out_of_a_run_and_its_journal_plays_it_again_without_a_judge()
    {
        using var endpoint = Endpoint(out var url, "--judge", "good=miss:0.05,alarm:0", "--judge", "nay=no", "--judge", "mumbles=garbage");
        var spec = Spec("run", await url, "judges: [good, nay, mumbles], committee: {calibration: seats.json, blueprints: true}", 60);

        var measured = await Convosynth.Run("judges", "calibrate", "--spec", spec, "--dialogues", "60", "--out", _folder.At("seats.json"));
        var ran = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--out", _folder.At("run"));
        endpoint.Process.Kill();
        var replayed = await Convosynth.Run("replay-run", _folder.At("run"));

        measured.ExitCode.Should().Be(0, measured.Errors);
        measured.Output.Should().StartWith("simulated: ").And.Contain("no: it finds").And.Contain("together: 1 that vote");
        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("judge:good").And.NotContain("judge:nay").And.NotContain("judge:mumbles");
        ran.Output.Should().Contain("60 planned, 60 accepted");
        replayed.ExitCode.Should().Be(0, replayed.Output + replayed.Errors);
    }

    [Fact]
    public async Task Judges_that_say_the_same_hang_or_talk_garbage_change_no_verdict_of_a_check_and_stop_no_run()
    {
        using var endpoint = Endpoint(
            out var url,
            ["--judge", "yea=yes", "--judge", "nay=no", "--judge", "mumbles=garbage", "--judge", "hangs=hang"]
        );
        var plain = Spec("plain", await url, "judges: []", 60, faults: 0.3);
        var judged = Spec("judged", await url, "judges: [one, yea, nay, mumbles, hangs]", 60, faults: 0.3);

        var before = await Convosynth.Run("generate", "--spec", plain, "--no-probe", "--out", _folder.At("plain"));
        var after = await Convosynth.Run("generate", "--spec", judged, "--no-probe", "--out", _folder.At("judged"));

        before.ExitCode.Should().Be(0, before.Errors);
        after.ExitCode.Should().Be(0, after.Errors);
        ((int)Summary(_folder.At("judged"))["failed"]!).Should().Be(0);
        var checks = TestFolder.Verdicts(_folder.At("plain"));
        var found = TestFolder.Verdicts(_folder.At("judged"));
        found.Keys.Should().BeEquivalentTo(checks.Keys);
        foreach (var (row, verdicts) in checks)
        {
            found[row].Where(v => v.Kind != CheckKind.Judge && v.Votes is null).Should().BeSubsetOf(verdicts);
            verdicts.Where(v => v.Outcome is Outcome.Fail or Outcome.Pass).Should().BeSubsetOf(found[row]);
        }

        checks.Values.SelectMany(v => v).Should().Contain(v => v.Outcome == Outcome.Fail, "faults are planted");
        found
            .Values.SelectMany(v => v)
            .Should()
            .Contain(v => v.Votes != null && v.Votes.Value.Any(o => o.Judge == "hangs" && o.Answer == "none"));
    }

    [Fact]
    public async Task A_judged_run_that_is_killed_resumes_to_the_same_rows()
    {
        using var endpoint = Endpoint(out var url, ["--latency", "0.05", "--judge-correlation", "0.3", .. Erring("one"), .. Erring("two")]);
        const string Judges = "judges: [one, two, {name: three, endpoint: local}], committee: {blueprints: true}";
        var spec = Spec("spec", await url, Judges, 80);
        using (
            var process = Convosynth.Start("generate", "--spec", spec, "--no-probe", "--concurrency", "8", "--out", _folder.At("a", "run"))
        )
        {
            await Convosynth.UntilSomeAreDone(process);
            process.Process.Kill();
            await process.Process.WaitForExitAsync();
        }

        var resumed = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--resume", "--out", _folder.At("a", "run"));
        var whole = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--out", _folder.At("b", "run"));

        resumed.ExitCode.Should().Be(0, resumed.Errors);
        whole.ExitCode.Should().Be(0, whole.Errors);
        TestFolder
            .Rows(_folder.At("a", "run"))
            .Should()
            .HaveCountGreaterThanOrEqualTo(80)
            .And.Equal(TestFolder.Rows(_folder.At("b", "run")));
    }

    [Theory]
    [InlineData("judges: []", "", "the spec names no judge to calibrate")]
    [InlineData("judges: [one]", "--dialogues 3", "--dialogues is 3; it must be from 10 to 20000")]
    [InlineData("judges: [one]", "--min-sensitivity 2", "--min-sensitivity is 2; it must be from 0 to 1")]
    public async Task A_calibration_that_cannot_be_is_one_sentence(string judges, string options, string sentence) =>
        (
            await Convosynth.Run([
                "judges",
                "calibrate",
                "--spec",
                Spec("spec", "http://127.0.0.1:1", judges, 1),
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ])
        )
            .Sentence()
            .Should()
            .Contain(sentence);

    private static string[] Erring(string seat) => ["--judge", FormattableString.Invariant($"{seat}=miss:0.2,alarm:{Alarms}")];

    private static Underway Endpoint(out Task<string?> url, params string[] options)
    {
        var endpoint = Convosynth.Start(["endpoint", "--port", "0", "--domain", "library", .. options]);
        url = endpoint.Process.StandardOutput.ReadLineAsync();
        return endpoint;
    }

    private async Task<string> Generate(string name, string? url, string judges)
    {
        var run = _folder.At(name);
        var ran = await Convosynth.Run("generate", "--spec", Spec(name, url, judges, Count), "--no-probe", "--out", run);
        ran.ExitCode.Should().Be(0, ran.Errors);
        return run;
    }

    private string Spec(string name, string? url, string judges, int count, double faults = 0)
    {
        string[] endpoints = ["local", "one", "two", "three", "good", "yea", "nay", "mumbles", "hangs"];
        return _folder.Write(
            $"{name}.yaml",
            $$"""
            domains: [library]
            count: {{count}}
            fault_rate: {{FormattableString.Invariant($"{faults}")}}
            endpoints:
            {{string.Join('\n', endpoints.Select(Line))}}
            roles: {human: local, agent: local, {{judges}}}
            """
        );

        // An account of its own keeps the silence of one judge from the others.
        string Line(string seat) =>
            $$"""  - {name: {{seat}}, provider: openai-compatible, url: "{{url}}/v1", model: m, rehearsal: true, account: {{seat}}"""
            + (seat == "hangs" ? ", timeout_seconds: 1, retries: 0}" : "}");
    }

    private static JsonNode Summary(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!;

    private static IEnumerable<JsonNode> Lines(JsonNode summary) => summary["ledger"]!["lines"]!.AsArray().Select(l => l!);

    private static long Tokens(JsonNode line) => (long)line["usage"]!["input_tokens"]! + (long)line["usage"]!["output_tokens"]!;

    private static long Judges(JsonNode summary, string what) =>
        Lines(summary)
            .Where(l => ((string)l["role"]!).StartsWith("judge:", StringComparison.Ordinal))
            .Sum(l => what == "calls" ? (long)l["calls"]! : Tokens(l));
}
