using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Dialogues in which the agent writes a thought before each call.</summary>
public sealed class ThoughtTests
{
    private const int Tasks = 12;

    private readonly Dictionary<Conversation, Blueprint> _tasks = new(ReferenceEqualityComparer.Instance);

    private static readonly Dictionary<string, Lazy<Pack>> Packs = new[] { "library", "retail", "airline" }.ToDictionary(
        n => n,
        n => new Lazy<Pack>(() => PackLoading.Load(RepositoryRoot.At("blueprints", n))),
        StringComparer.Ordinal
    );

    public static TheoryData<string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string>();
            foreach (var domain in Packs.Keys)
            {
                foreach (var kind in FaultKinds.OfThoughts)
                    faults.Add(domain, kind);
            }

            return faults;
        }
    }

    [Theory]
    [InlineData("library")]
    [InlineData("retail")]
    [InlineData("airline")]
    public async Task A_right_dialogue_has_a_thought_before_each_call_and_loses_nothing_by_it(string domain)
    {
        foreach (var conversation in await Play(domain, null))
        {
            conversation.Messages.Where(m => !m.ToolCalls.IsEmpty).Should().OnlyContain(m => m.Reasoning!.Text!.Length > 0);
            Verdicts(domain, conversation).Where(v => v.Rejects).Should().BeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_wrong_thought_is_caught_by_its_check_and_by_no_other(string domain, string kind)
    {
        var played = await Play(domain, kind);
        played.Should().HaveCountGreaterThan(2);
        foreach (var conversation in played)
        {
            var found = Verdicts(domain, conversation).Where(v => v.Outcome == Outcome.Fail).ToArray();
            found.Select(v => $"{v.Stage}.{v.Check}").Should().Contain(FaultTable.Of(kind).Checks);
            found.Should().OnlyContain(v => v.Stage == "thoughts", "words and calls are right");
        }
    }

    private IEnumerable<Verdict> Verdicts(string domain, Conversation conversation) =>
        Verifier
            .Default(Packs[domain].Value)
            .WithThoughts()
            .Verify(Packs[domain].Value, _tasks[conversation], conversation)
            .Verdicts.Where(v => v.Outcome != Outcome.Pass);

    private async Task<List<Conversation>> Play(string domain, string? kind)
    {
        var pack = Packs[domain].Value;
        var sampler = new BlueprintSampler(pack);
        var model = new RehearsalModel(
            _ => pack,
            kind is null
                ? new() { Thoughts = true }
                : new()
                {
                    Thoughts = true,
                    FaultRate = 1,
                    FaultKinds = [kind],
                }
        );
        var setup = new RunSetup
        {
            Spec = new()
            {
                RunId = "thoughts",
                Domains = [domain],
                Count = 1,
                Seed = 8,
            },
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [domain] = pack },
            Human = model,
            Agent = model,
            Blueprints = null!,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
        };
        List<Conversation> played = [];
        for (var i = 0; i < Tasks; i++)
        {
            var task = sampler.Sample(new Seed(8), i);
            var session = await DialogueRunner.Play(setup, i, 0, task, CancellationToken.None);
            if (kind is not null && session.PlantedFault is null)
                continue;
            played.Add(session.Finish());
            _tasks.Add(played[^1], task);
        }

        return played;
    }
}
