using System.Text.Json;

namespace ConvoSynth.Cli.Tests;

public sealed class PacksTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_shipped_packs_are_listed_with_what_they_hold()
    {
        var ran = await Convosynth.Run("packs", "list", "--json");
        ran.ExitCode.Should().Be(0, ran.Errors);
        var packs = JsonDocument.Parse(ran.Output).RootElement.EnumerateArray().ToArray();
        packs.Select(p => p.GetProperty("name").GetString()).Should().Contain(["library", "retail", "airline"]);
        packs
            .Should()
            .OnlyContain(p => p.GetProperty("intents").GetInt32() >= 12 && p.GetProperty("tables")[0].GetProperty("rows").GetInt32() > 0);
    }

    [Fact]
    public async Task Every_fault_of_a_broken_pack_is_printed_with_file_and_line()
    {
        var pack = _folder.CopyOfPack("library");
        File.AppendAllText(Path.Combine(pack, "rules.yaml"), "\n- { clause: \"99.9\", rule: no_such_rule }\n");
        var ran = await Convosynth.Run("packs", "validate", "--packs", _folder.At("packs"));
        ran.ExitCode.Should().Be(1);
        ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(2)
            .And.OnlyContain(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"rules\.yaml:\d+: .*(99\.9|no_such_rule)"));
    }

    [Fact]
    public async Task A_pack_is_tried_in_a_process_of_its_own_and_its_faults_come_back()
    {
        var pack = _folder.CopyOfPack("library");
        File.AppendAllText(Path.Combine(pack, "rules.yaml"), "\n- { clause: \"99.9\", rule: no_such_rule }\n");
        var ran = await Convosynth.Run("packs", "accept", pack);
        ran.ExitCode.Should().Be(1);
        ran.Output.Should().Contain("library: refused").And.Contain("no_such_rule");
        ran.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_pack_whose_dialogues_cannot_be_decided_is_refused_with_the_rule_and_what_its_act_leaves_out()
    {
        var pack = _folder.CopyOfPack("library");
        var rules = Path.Combine(pack, "rules.yaml");
        var lines = File.ReadAllLines(rules);
        var line = Array.FindIndex(lines, l => l.Contains("rule: confirm", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("details: [", "details: [loan.renewals, ", StringComparison.Ordinal);
        File.WriteAllLines(rules, lines);

        var ran = await Convosynth.Run("packs", "accept", pack);

        ran.ExitCode.Should().Be(1, ran.Output);
        ran.Output.Should()
            .MatchRegex(
                $@"rules\.yaml:{line + 1}: \d+ of 200 rehearsed dialogues without a mistake are undecided by "
                    + @"procedure\.confirmation.*""details"" names loan\.renewals, which ""tell"" of acts\.renew_loan "
                    + @"\(domain\.yaml:\d+\) lacks"
            );
    }

    [Fact]
    public async Task A_folder_of_packs_without_prompts_has_the_programs_own()
    {
        _folder.CopyOfPack("library");
        using var endpoint = Convosynth.Start("endpoint", "--domain", "library");
        var url = (await endpoint.Process.StandardOutput.ReadLineAsync())!;
        var spec = _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: 2
            endpoints: [{name: local, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true}]
            roles: {human: local, agent: local}
            """
        );

        var ran = await Convosynth.Run("generate", "--spec", spec, "--packs", _folder.At("packs"), "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(0, ran.Errors);
        File.ReadAllText(_folder.At("run", "inputs", "prompts", "agent.md"))
            .Should()
            .Be(File.ReadAllText(Path.Combine(Convosynth.Blueprints, "prompts", "agent.md")));
        await Convosynth.Interrupt(endpoint);
        await Convosynth.End(endpoint);
    }

    [Fact]
    public async Task A_pack_that_uses_more_than_it_may_is_stopped()
    {
        var ran = await Convosynth.Run("packs", "accept", Path.Combine(Convosynth.Blueprints, "library"), "--memory-mb", "64");
        ran.ExitCode.Should().NotBe(0);
        (
            ran.Errors.Contains("was stopped: it used more than 64 MiB", StringComparison.Ordinal)
            || ran.Errors.Contains("memory", StringComparison.OrdinalIgnoreCase)
        )
            .Should()
            .BeTrue(ran.Errors);
    }

    [Fact]
    public async Task Coverage_adds_up_and_no_wrong_way_passes()
    {
        var ran = await Convosynth.Run("packs", "coverage", "--domain", "retail", "--count", "60", "--json");
        ran.ExitCode.Should().Be(0, ran.Errors);
        var coverage = JsonDocument.Parse(ran.Output).RootElement;
        coverage.GetProperty("shapes").EnumerateObject().Sum(s => s.Value.GetInt64()).Should().Be(60);
        coverage.GetProperty("depths").EnumerateObject().Sum(s => s.Value.GetInt64()).Should().Be(60);
        coverage.GetProperty("mutants").GetInt64().Should().BeGreaterThan(30);
        coverage.GetProperty("sound").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Variety_counts_what_gold_does_alike_for_sampled_tasks_and_for_tasks_from_elsewhere()
    {
        var tasks = _folder.Write(
            "tasks.json",
            """
            [
              {"id": "0", "actions": [
                {"name": "get_order_details", "arguments": {"order_id": "#W0000001"}},
                {"name": "get_order_details", "arguments": {"order_id": "#W0000002"}},
                {"name": "cancel_pending_order", "arguments": {"order_id": "#W0000001", "reason": "no longer needed"}},
                {"name": "cancel_pending_order", "arguments": {"order_id": "#W0000002", "reason": "no longer needed"}}]},
              {"id": "1", "actions": [
                {"name": "get_order_details", "arguments": {"order_id": "#W0000003"}},
                {"name": "calculate", "arguments": {"expression": "1 + 1"}},
                {"name": "cancel_pending_order", "arguments": {"order_id": "#W0000003", "reason": "no longer needed"}}]},
              {"id": "2", "actions": []}
            ]
            """
        );

        var ran = await Convosynth.Run("packs", "coverage", "--domain", "retail", "--variety", "20", "--beside", tasks, "--json");

        ran.ExitCode.Should().Be(0, ran.Errors);
        var columns = JsonDocument.Parse(ran.Output).RootElement.GetProperty("columns");
        columns.EnumerateArray().Select(c => c.GetProperty("title").GetString()).Should().Equal("mean of 6 draws", "", "beside");
        columns[0].GetProperty("tasks").GetInt64().Should().Be(3);
        columns[1].GetProperty("tasks").GetInt64().Should().Be(20);
        columns[1].GetProperty("plans").GetDouble().Should().BeInRange(10, 20);
        var beside = columns[2];
        beside.GetProperty("tasks").GetInt64().Should().Be(3);
        beside.GetProperty("sequences").GetDouble().Should().Be(3);
        beside.GetProperty("canonical").GetDouble().Should().Be(2, "runs of one tool count once, and a calculator not at all");
        beside.GetProperty("writes").GetDouble().Should().Be(3, "none, one and two cancellations");
        beside.GetProperty("many_writes").GetDouble().Should().BeApproximately(1 / 3.0, 1e-9);
        beside.GetProperty("writeless").GetDouble().Should().BeApproximately(1 / 3.0, 1e-9);
        beside.GetProperty("most_writes").GetInt64().Should().Be(2);
        beside.GetProperty("calls").EnumerateArray().Select(c => c.GetInt32()).Should().Equal(3, 4);
    }

    [Fact]
    public async Task Options_of_variety_without_it_are_refused() =>
        (await Convosynth.Run("packs", "coverage", "--domain", "library", "--draw", "5"))
            .Sentence()
            .Should()
            .Be("--draw, --beside and --worlds go with --variety N; say how many tasks to sample");
}
