using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Each slice of each pack: a right agent passes, and the agents that must fail it do.</summary>
public sealed class SliceAgentTests
{
    private const int Tasks = 12;
    private static readonly Seed Run = new(3);

    private static readonly Dictionary<string, Lazy<(Pack Pack, SlicedSampler Sampler)>> Packs = new[]
    {
        "library",
        "retail",
        "airline",
    }.ToDictionary(n => n, n => new Lazy<(Pack, SlicedSampler)>(() => Load(n)), StringComparer.Ordinal);

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var domain in Packs.Keys)
            {
                foreach (var agents in SliceAgents.All)
                    cells.Add(domain, agents.Slice);
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_right_agent_passes_the_tasks_of_a_slice(string domain, string slice)
    {
        foreach (var (task, index) in Sample(domain, slice))
        {
            var verdicts = Verified(domain, task, (await Play(domain, null, task, index))!);
            verdicts.Where(v => v.Outcome is Outcome.Fail or Outcome.Unsure).Should().BeEmpty(task.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Each_agent_that_must_fail_a_slice_fails_it_by_a_declared_check(string domain, string slice)
    {
        var agents = SliceAgents.Of(slice)!;
        foreach (var kind in agents.Kinds)
        {
            var played = 0;
            foreach (var (task, index) in Sample(domain, slice))
            {
                if (await Play(domain, kind, task, index) is not { } conversation)
                    continue;
                played++;
                Verified(domain, task, conversation)
                    .Where(v => v.Outcome is Outcome.Fail or Outcome.Unsure)
                    .Select(v => $"{v.Stage}.{v.Check}")
                    .Intersect(FaultTable.Of(kind).Checks, StringComparer.Ordinal)
                    .Should()
                    .NotBeEmpty($"{kind} in {task.Id}");
            }

            played.Should().BePositive("{0} is possible in {1} of {2}", kind, slice, domain);
        }
    }

    [Theory]
    [InlineData(Slices.Irrelevant, FaultKinds.NeedlessCall)]
    [InlineData(Slices.DistractorTools, FaultKinds.LookalikeCall)]
    [InlineData(Slices.MissingParameter, FaultKinds.UnaskedParameter)]
    [InlineData(Slices.Parallel, FaultKinds.SerialCalls)]
    [InlineData(Slices.OtherRecord, FaultKinds.UnreadRecord)]
    [InlineData(Slices.OffSubject, FaultKinds.NeedlessCall)]
    [InlineData(Slices.NoStop, FaultKinds.SameReply)]
    public async Task The_fault_of_a_slice_is_missed_without_its_check(string slice, string kind)
    {
        var (pack, _) = Packs["library"].Value;
        var hidden = FaultTable.Of(kind).Checks;
        var missed = 0;
        foreach (var (task, index) in Sample("library", slice))
        {
            if (await Play("library", kind, task, index) is not { } conversation)
                continue;
            var rest = Verifier
                .Default(pack)
                .Verify(pack, task, conversation)
                .Verdicts.Where(v => !hidden.Contains($"{v.Stage}.{v.Check}"));
            missed += rest.Any(v => v.Outcome == Outcome.Fail) ? 0 : 1;
        }

        missed.Should().BePositive("no other check sees {0}", kind);
    }

    [Fact]
    public async Task A_played_failure_is_flagged_at_its_observation_and_the_calls_around_it_are_trained_on()
    {
        var flagged = 0;
        foreach (var (task, index) in Sample("retail", Slices.ToolError))
        {
            var setup = Setup("retail", null);
            var finished = await DialogueRunner.Run(setup, index, 0, task, CancellationToken.None);
            var meta = finished.Trajectory.Conversation.Meta;
            for (var i = 0; i < meta.Length; i++)
            {
                if (meta[i].Note is null)
                    continue;
                flagged++;
                finished.Trajectory.Conversation.Messages[i].Content.Should().StartWith("Error: ");
                meta[i - 1].Train.Should().BeTrue("the call was right");
            }
        }

        flagged.Should().BeGreaterThanOrEqualTo(Tasks);
    }

    [Fact]
    public async Task A_late_tool_is_sent_to_the_agent_only_after_it_has_said_that_it_lacks_it()
    {
        foreach (var (task, index) in Sample("library", Slices.LateTool))
        {
            var asked = new List<bool>();
            var setup = Setup("library", null);
            var heard = setup with { Agent = new Overheard(setup.Agent, r => asked.Add(r.Tools.Any(t => t.Name == task.Twist!.LateTool))) };

            var finished = await DialogueRunner.Run(heard, index, 0, task, CancellationToken.None);

            asked[0].Should().BeFalse();
            asked[^1].Should().BeTrue();
            asked.Should().BeInAscendingOrder("a tool that has come stays");
            var row = TrajectoryRows.RowOf(heard.Spec, finished.Trajectory, null, []);
            var timeline = RowJson.Of(row)["tools_timeline"];
            timeline.Items.Should().HaveCount(2);
            timeline.Items[0]["tools"].Items.Should().NotContain(t => t.Text == task.Twist!.LateTool);
            var from = (int)timeline.Items[1]["message"].Number!;
            RowJson.Of(row)["messages"].Items[from]["role"].Text.Should().Be("user");
            RowJson.Of(row)["messages"].Items[from - 1]["content"].Text.Should().Contain("tool");
        }
    }

    [Fact]
    public async Task The_agent_reads_the_clause_that_asks_for_calls_together_and_the_base_task_forbids_them()
    {
        var made = 0;
        foreach (var (task, index) in Sample("retail", Slices.Parallel))
        {
            var finished = (await DialogueRunner.Run(Setup("retail", null), index, 0, task, CancellationToken.None)).Trajectory;

            finished.Conversation.System.Should().Contain(task.Twist!.Amended!.Text).And.NotContain(task.Twist.Amended.From);
            made += finished.Conversation.Messages.Count(m => m.ToolCalls.Length > 1);
            Verified("retail", task with { Twist = null }, finished.Conversation)
                .Should()
                .Contain(v => v.Check == "alone" && v.Outcome == Outcome.Fail, "without the clause's other text it is a fault");
        }

        made.Should().BeGreaterThanOrEqualTo(Tasks);
    }

    private sealed class Overheard(IChatModel inner, Action<ModelRequest> hear) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            hear(request);
            return inner.Respond(request, cancellationToken);
        }
    }

    [Fact]
    public async Task A_task_that_hands_over_without_a_twist_is_played_to_its_end()
    {
        foreach (var (task, index) in Sample("library", Slices.MissingTool))
            (await Play("library", null, task with { Twist = null }, index))!.End.Should().Be(DialogueEnd.Transfer, task.Id);
    }

    private static IEnumerable<(Blueprint Task, long Index)> Sample(string domain, string slice)
    {
        var sampler = Packs[domain].Value.Sampler;
        return Enumerable
            .Range(0, 400)
            .Select(i => (Task: sampler.Sliced(slice, Run, i), Index: (long)i))
            .Where(t => t.Task is not null)
            .Select(t => (t.Task!, t.Index))
            // Few failures are for good.
            .Take(
                slice switch
                {
                    Slices.ToolError => 4 * Tasks,
                    Slices.LongContext => 3,
                    _ => Tasks,
                }
            );
    }

    private static ImmutableArray<Verdict> Verified(string domain, Blueprint task, Conversation conversation) =>
        Verifier.Default(Packs[domain].Value.Pack).Verify(Packs[domain].Value.Pack, task, conversation).Verdicts;

    private static async Task<Conversation?> Play(string domain, string? kind, Blueprint task, long index)
    {
        var session = await DialogueRunner.Play(Setup(domain, kind), index, 0, task, CancellationToken.None);
        return kind is not null && session.PlantedFault is null ? null : session.Finish();
    }

    private static RunSetup Setup(string domain, string? kind)
    {
        var pack = Packs[domain].Value.Pack;
        var model = new RehearsalModel(_ => pack, kind is null ? new() : new() { FaultRate = 1, FaultKinds = [kind] });
        return new()
        {
            Spec = new()
            {
                RunId = "slices",
                Domains = [domain],
                Count = 1,
                Seed = 5,
                Model = "rehearsal",
            },
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [domain] = pack },
            Human = model,
            Agent = model,
            Blueprints = null!,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { [domain] = Verifier.Default(pack) },
        };
    }

    private static (Pack, SlicedSampler) Load(string name)
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", name));
        return (pack, new(new(pack), shares: null));
    }
}
