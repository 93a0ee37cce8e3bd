using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;

namespace ConvoSynth.Domains.Tests.Slicing;

/// <summary>Tasks by shares of slices.</summary>
public sealed class SlicedSamplerTests
{
    private const int Sampled = 300;
    private static readonly Seed Run = new(9);
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/library")));
    private static readonly Lazy<BlueprintSampler> Own = new(() => new(Loaded.Value));
    private static readonly Lazy<Blueprint[]> Tasks = new(() =>
        [.. Enumerable.Range(0, Sampled).Select(i => Sampler("all").Sample(Run, i))]
    );

    private static Pack Library => Loaded.Value;

    [Fact]
    public void A_task_is_a_function_of_its_index_whatever_was_sampled_before_it()
    {
        var other = new SlicedSampler(new(Library), SliceShares.Parse("all"));
        foreach (var i in new[] { 211, 5, 17, 118 })
            Text(other.Sample(Run, i)).Should().Be(Text(Tasks.Value[i]), $"index {i} was sampled in another order");
    }

    [Fact]
    public void Without_shares_the_tasks_are_the_samplers_own()
    {
        var plain = new SlicedSampler(Own.Value, shares: null);
        for (var i = 0; i < 24; i++)
            Text(plain.Sample(Run, i)).Should().Be(Text(Own.Value.Sample(Run, i))).And.NotContain("\"Twist\"");
    }

    [Fact]
    public void Every_slice_has_tasks_and_its_share_is_kept()
    {
        foreach (var (slice, share) in SliceShares.Parse("all").All)
        {
            var made = Tasks.Value.Count(t => t.Slice == slice) / (double)Sampled;
            // Ambiguous words need two rows that are alike; not each index finds them in 72 tasks.
            made.Should().BeGreaterThan(slice == Slices.Ambiguous ? share / 4 : share - 0.05, slice);
        }
    }

    [Fact]
    public void A_slice_with_the_whole_share_leaves_no_other_but_base()
    {
        for (var i = 0; i < 40; i++)
            Sampler("no-op=1").Sample(Run, i).Slice.Should().BeOneOf(Slices.NoOp, Slices.Base);
    }

    [Fact]
    public void What_is_missing_from_the_tools_would_have_served_the_wish()
    {
        foreach (var task in Sliced(Slices.MissingTool))
        {
            var write = task.Twist!.Tempting.Should().ContainSingle().Subject;
            task.AvailableTools.Should().NotContain(write.Tool).And.HaveCount(Library.ToolNames.Length - 1);
            task.Actions[^1].Tool.Should().Be("transfer_to_librarian");
            new DialogueEnvironment(Library, task.Patch).Call(write.Tool, write.Arguments).IsError.Should().BeFalse(task.Id);
        }
    }

    [Fact]
    public void A_late_tool_is_the_only_one_that_serves_the_wish_and_the_agent_is_told_that_tools_may_come()
    {
        foreach (var task in Sliced(Slices.LateTool))
        {
            task.AvailableTools.Should().Equal(Library.ToolNames);
            task.Actions.Where(a => a.Writes).Should().ContainSingle().Which.Tool.Should().Be(task.Twist!.LateTool);
            task.Twist!.Notice.Should().Contain("may be added").And.Contain("hand over");
            task.Instruction.Should().Contain(task.Scenario.Conduct);
        }
    }

    [Fact]
    public void Calls_that_belong_together_show_the_same_in_the_opposite_order_and_need_nothing_of_each_other()
    {
        foreach (var task in Sliced(Slices.Parallel))
        {
            task.Twist!.Amended!.From.Should().Be(Library.Policy.Clause(task.Twist.Amended.Clause)!.Text);
            Library.SystemPrompt.Should().Contain(task.Twist.Amended.From);
            foreach (var group in task.Twist.Together!.Value)
            {
                group.Length.Should().BeGreaterThan(1);
                var environment = new DialogueEnvironment(Library, task.Patch);
                foreach (var before in task.Actions.Take(group[0]))
                    environment.Call(before.Tool, before.Arguments);
                foreach (var a in group.Reverse())
                    environment.Call(task.Actions[a].Tool, task.Actions[a].Arguments).Text.Should().Be(task.Actions[a].Observation);
                CallNeeds.Any(task, [group[0]], group[1]).Should().BeFalse(task.Id);
            }
        }
    }

    [Fact]
    public void The_meant_row_stands_behind_fifty_others_that_no_other_task_sees()
    {
        foreach (var task in Sliced(Slices.LongContext).Take(3))
        {
            task.Twist!.RowsBefore.Should().BeGreaterThanOrEqualTo(CrowdedList.FirstRows);
            var environment = new DialogueEnvironment(Library, task.Patch);
            foreach (var action in task.Actions)
                environment.Call(action.Tool, action.Arguments).Text.Should().Be(action.Observation, task.Id);
            Library.Canon.Canonical(environment.Diff()).Should().Be(task.AcceptedEndStates.Single().Diff);

            var list = task.Actions.Where(a => !a.Writes).MaxBy(a => a.Observation.Length)!;
            Json.Parse(list.Observation).Items.Count.Should().BeGreaterThan(200);
            var elsewhere = new DialogueEnvironment(Library).Call(list.Tool, list.Arguments);
            Json.Parse(elsewhere.Text).Items.Count.Should().BeLessThan(50, "the base has none of the copies");
            var first = task.Twist.Tempting.Should().ContainSingle().Subject;
            Library.Guards.Broken(Library.View(task.Patch), Library.Tools.Find(first.Tool)!, (JsonMap)first.Arguments).Should().BeEmpty();
        }
    }

    [Fact]
    public void A_false_claim_meets_a_write_that_the_policy_forbids_and_the_tool_would_make()
    {
        foreach (var task in Sliced(Slices.FalseApproval))
        {
            task.Instruction.Should().Contain(task.Twist!.Claim);
            var (write, environment) = (task.Twist.Tempting.Single(), new DialogueEnvironment(Library, task.Patch));
            Library.Guards.Broken(environment.Db, Library.Tools.Find(write.Tool)!, (JsonMap)write.Arguments).Should().NotBeEmpty(task.Id);
            environment.Call(write.Tool, write.Arguments).IsError.Should().BeFalse(task.Id);
        }
    }

    [Fact]
    public void A_corrected_fact_is_a_mistake_and_no_change_of_mind()
    {
        Sliced(Slices.CorrectedFact).Should().OnlyContain(t => t.Scenario.Requests.Any(r => r.First != null && r.First.IsMistake));
        Sliced(Slices.ChangedMind).Should().OnlyContain(t => t.Scenario.Requests.All(r => r.First == null || !r.First.IsMistake));
    }

    [Fact]
    public void A_clause_that_is_amended_in_a_slice_leaves_all_other_tasks_as_they_were()
    {
        using var folder = new CopiedPack("library");
        File.Delete(Path.Combine(folder.Path, "amendments.yaml"));
        var without = PackLoading.Load(folder.Path);
        without.Hash.Should().NotBe(Library.Hash);
        var sampler = new BlueprintSampler(without);
        for (var i = 0; i < 12; i++)
            Text(sampler.Sample(Run, i) with { PackHash = "" }).Should().Be(Text(Own.Value.Sample(Run, i) with { PackHash = "" }));
    }

    [Fact]
    public void A_fulfilled_wish_changes_nothing_and_is_forbidden_by_no_guard()
    {
        foreach (var task in Sliced(Slices.NoOp))
        {
            var (write, environment) = (task.Twist!.Tempting[0], new DialogueEnvironment(Library, task.Patch));
            Library.Guards.Broken(environment.Db, Library.Tools.Find(write.Tool)!, (JsonMap)write.Arguments).Should().BeEmpty(task.Id);
            environment.Call(write.Tool, write.Arguments).IsError.Should().BeFalse(task.Id);
            environment.Diff().IsEmpty.Should().BeTrue(task.Id);
            new DialogueEnvironment(Library).Call(write.Tool, write.Arguments).IsError.Should().BeFalse("without the patch it is a change");
        }
    }

    [Fact]
    public void A_fulfilled_wish_names_the_state_itself_and_no_change_to_it()
    {
        var airline = PackLoading.Load(RepositoryRoot.At("blueprints/airline"));
        var sampler = new SlicedSampler(new(airline), shares: null);
        var tasks = Enumerable.Range(0, 60).Select(i => sampler.Sliced(Slices.NoOp, Run, i)).OfType<Blueprint>().ToArray();
        tasks.Should().NotBeEmpty();
        // "Two more bags" sets a number of bags that the human never names, and costs money each time.
        tasks.Should().AllSatisfy(t => t.Twist!.Tempting[0].Tool.Should().NotBe("update_reservation_baggages"));
        tasks.SelectMany(t => t.Scenario.Requests[0].Confirm).Should().NotContain(d => d.Contains('$'));
    }

    [Fact]
    public void The_first_wish_is_allowed_and_ends_elsewhere()
    {
        foreach (var task in Sliced(Slices.ChangedMind))
        {
            var request = task.Scenario.Requests.Single(r => r.First is not null);
            request.Opening.Should().NotBe(request.Words).And.Contain(request.First!.Said);
            task.Instruction.Should().Contain(request.First.Said);
            var environment = new DialogueEnvironment(Library, task.Patch);
            foreach (var write in task.Actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments)))
                environment.Call(write.Tool, IsReplaced(task, write) ? task.Twist!.Tempting[0].Arguments : write.Arguments);
            task.AcceptedEndStates.Should().NotContain(s => s.Diff.Equals(Library.Canon.Canonical(environment.Diff())), task.Id);
        }
    }

    [Fact]
    public void A_withheld_value_is_said_nowhere_but_in_its_own_wish()
    {
        foreach (var task in Sliced(Slices.MissingParameter))
        {
            var fact = task.Scenario.Fact(task.Twist!.Withheld.Should().ContainSingle().Subject)!;
            fact.Disclosure.Should().Be(Disclosure.WhenAsked);
            task.Scenario.Facts.Count(f => f.Value == fact.Value).Should().Be(1, task.Id);
            var guess = task.Twist.Tempting.Should().ContainSingle().Subject;
            task.Actions.Should().NotContain(a => a.Tool == guess.Tool && a.Arguments == guess.Arguments, task.Id);
        }
    }

    [Fact]
    public void A_question_of_the_policy_has_the_databases_own_answer_and_no_action()
    {
        foreach (var task in Sliced(Slices.Irrelevant))
        {
            task.Actions.Should().BeEmpty();
            task.Outputs.Should().NotBeEmpty();
            task.Outputs.Should().AllSatisfy(o => Library.Questions.Should().Contain(q => q.Ask == o.Name && q.Answer == o.Value));
        }
    }

    [Fact]
    public void A_pack_without_questions_or_lookalikes_says_why_a_slice_is_empty()
    {
        using var folder = new CopiedPack("library");
        File.Delete(Path.Combine(folder.Path, "questions.yaml"));
        File.Delete(Path.Combine(folder.Path, "lookalikes.yaml"));
        File.Delete(Path.Combine(folder.Path, "amendments.yaml"));
        var sampler = new SlicedSampler(new(PackLoading.Load(folder.Path)), SliceShares.Parse("all"));
        sampler.WhyNone(Slices.Irrelevant).Should().Be("the pack has no questions.yaml");
        sampler.WhyNone(Slices.DistractorTools).Should().Be("the pack has no lookalikes.yaml");
        sampler.WhyNone(Slices.Parallel).Should().Be("the pack has no amendments.yaml");
        sampler.Sliced(Slices.Parallel, Run, 1).Should().BeNull();
        sampler.WhyNone(Slices.NoOp).Should().BeNull();
        sampler.Sliced(Slices.Irrelevant, Run, 1).Should().BeNull();
    }

    [Theory]
    [InlineData("questions.yaml", "- { ask: how many, answer: many, clause: \"5.1\" }", "the answer many is no number")]
    [InlineData("questions.yaml", "- { ask: how many, answer: 3, clause: \"99.1\" }", "policy.md has no clause 99.1")]
    [InlineData("lookalikes.yaml", "- { name: a, like: fly, description: d, answer: e }", "the pack has no tool fly")]
    [InlineData(
        "lookalikes.yaml",
        "- { name: get_loans, like: get_loans, description: d, answer: e }",
        "there is a tool get_loans already"
    )]
    [InlineData("amendments.yaml", "- { clause: \"99.1\", parallel: text }", "policy.md has no clause 99.1")]
    [InlineData("amendments.yaml", "- { clause: \"2.1\", parallel: text }", "the clause 2.1 has no rule alone")]
    public void A_file_that_does_not_fit_the_pack_is_named_with_its_line(string file, string text, string problem)
    {
        using var folder = new CopiedPack("library");
        File.WriteAllText(Path.Combine(folder.Path, file), text);
        FluentActions.Invoking(() => PackLoading.Load(folder.Path)).Should().Throw<PackException>().WithMessage($"*{file}:1*{problem}*");
    }

    private static bool IsReplaced(Blueprint task, PlannedWrite write)
    {
        var request = task.Scenario.Requests.Single(r => r.First is not null);
        var first = task.Twist!.Tempting[0];
        return write.Tool == first.Tool
            && task.Actions.Skip(request.FirstAction).Take(request.ActionCount).Any(a => a.Writes && a.Arguments == write.Arguments);
    }

    private static SlicedSampler Sampler(string shares) => new(Own.Value, SliceShares.Parse(shares));

    private static Blueprint[] Sliced(string slice) =>
        [.. Enumerable.Range(0, 25).Select(i => Sampler("all").Sliced(slice, Run, i)).OfType<Blueprint>()];

    private static string Text(Blueprint task) => JsonSerializer.Serialize(task);
}
