using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;
using Xunit.Abstractions;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Early stop ends only dialogues that would be rejected at their end.</summary>
public sealed class EarlyStopTests(ITestOutputHelper output)
{
    private const int Dialogues = 200;

    private static readonly Dictionary<string, Lazy<(Pack Pack, BlueprintSampler Sampler)>> Packs = new[]
    {
        "library",
        "retail",
        "airline",
    }.ToDictionary(n => n, n => new Lazy<(Pack, BlueprintSampler)>(() => Load(n)), StringComparer.Ordinal);

    [Theory]
    [InlineData("library")]
    [InlineData("retail")]
    [InlineData("airline")]
    public async Task Whatever_is_stopped_would_have_been_rejected_and_no_clean_dialogue_is_stopped(string domain)
    {
        var (pack, sampler) = Packs[domain].Value;
        var verifier = Verifier.Default(pack);
        int faulted = 0,
            stopped = 0,
            rejected = 0,
            saved = 0,
            all = 0;
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0L; index < Dialogues; index++)
        {
            var blueprint = sampler.Sample(new Seed(11), index);
            var seed = (ulong)index;
            var clean = await Play(pack, blueprint, seed, faultRate: 0, stops: true);
            clean
                .Conversation.End.Should()
                .NotBe(DialogueEnd.StoppedEarly, "{0} is clean: {1}", blueprint.Id, clean.Conversation.StopReason);
            var whole = await Play(pack, blueprint, seed, faultRate: 1, stops: false);
            if (whole.Fault is null)
                continue;
            faulted++;
            all += whole.Conversation.Messages.Length;
            var isRejected = verifier.Verify(pack, blueprint, whole.Conversation).Verdicts.Any(v => v.Outcome == Outcome.Fail);
            if (isRejected)
                rejected++;
            var cut = await Play(pack, blueprint, seed, faultRate: 1, stops: true);
            if (cut.Conversation.End != DialogueEnd.StoppedEarly)
            {
                cut.Conversation.Messages.Should().HaveCount(whole.Conversation.Messages.Length, "nothing but doom cuts a dialogue");
                continue;
            }

            isRejected.Should().BeTrue("{0} with {1} was stopped: {2}", blueprint.Id, whole.Fault, cut.Conversation.StopReason);
            stopped++;
            var reason = cut.Conversation.StopReason!.Split(':')[0];
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            saved += whole.Conversation.Messages.Length - cut.Conversation.Messages.Length;
            var verdicts = verifier.Verify(pack, blueprint, cut.Conversation).Verdicts;
            verdicts
                .Should()
                .Contain(v =>
                    v.Stage == "conversation"
                    && v.Check == "stopped"
                    && v.Outcome == Outcome.Fail
                    && v.Evidence == $"stopped: {cut.Conversation.StopReason}"
                );
        }

        output.WriteLine(
            $"{domain}: {faulted} dialogues with a fault, {rejected} rejected, {stopped} of them stopped early; "
                + $"{(double)saved / Math.Max(1, stopped):F1} messages saved a stopped dialogue of {(double)all / faulted:F1} on "
                + $"average; {string.Join(", ", reasons.Select(r => $"{r.Key}: {r.Value}"))}"
        );
        stopped.Should().BeGreaterThan(faulted / 10);
    }

    [Theory]
    [InlineData("library")]
    [InlineData("retail")]
    [InlineData("airline")]
    public async Task No_edited_dialogue_is_called_doomed_that_the_verifier_would_accept(string domain)
    {
        var (pack, sampler) = Packs[domain].Value;
        var verifier = Verifier.Default(pack);
        int edited = 0,
            doomed = 0;
        for (var index = 0L; index < 30; index++)
        {
            var blueprint = sampler.Sample(new Seed(12), index);
            var clean = await Play(pack, blueprint, (ulong)index, faultRate: 0, stops: false);
            foreach (var kind in RandomEdits.Kinds)
            {
                if (
                    RandomEdits.Make(kind, pack, blueprint, clean.Conversation, new Seed((ulong)index).For(kind).Random()) is not { } mutant
                )
                    continue;
                edited++;
                if (Reason(pack, blueprint, mutant.Conversation) is not { } reason)
                    continue;
                doomed++;
                verifier
                    .Verify(pack, blueprint, mutant.Conversation)
                    .Verdicts.Should()
                    .Contain(v => v.Outcome == Outcome.Fail, "{0} ({1}) is doomed: {2}", blueprint.Id, mutant.What, reason);
            }
        }

        output.WriteLine($"{domain}: {edited} edited dialogues, {doomed} doomed");
        doomed.Should().BePositive();
    }

    // The reason at the first turn of the agent that gives one, as a session asks.
    private static string? Reason(Pack pack, Blueprint blueprint, Conversation conversation)
    {
        var messages = conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.Assistant)
                continue;
            var end = i + 1;
            while (end < messages.Length && messages[end].Role == MessageRole.Tool)
                end++;
            var sofar = conversation with { Messages = messages[..end], Meta = [], End = DialogueEnd.Limit };
            if (EarlyStopChecks.Of(pack).AfterAgent(Trace.Run(pack, blueprint, sofar), i) is { } reason)
                return reason;
        }

        return null;
    }

    [Fact]
    public async Task A_write_that_another_way_to_an_accepted_state_needs_is_not_lost()
    {
        // Two ways to the same end: the second one's writes are in no plan, yet each change is in the accepted state.
        var (pack, sampler) = Packs["library"].Value;
        var verifier = Verifier.Default(pack);
        var (accepted, written) = (0, 0);
        for (var index = 0L; index < Dialogues; index++)
        {
            var blueprint = sampler.Sample(new Seed(13), index);
            if (blueprint.AcceptedEndStates.All(s => s.Writes.IsEmpty))
                continue;
            written++;
            var unplanned = blueprint with { AcceptedEndStates = [.. blueprint.AcceptedEndStates.Select(s => s with { Writes = [] })] };
            var whole = await Play(pack, unplanned, (ulong)index, faultRate: 0, stops: false);
            // One of two writes may overwrite the other: then only a plan makes it right.
            if (verifier.Verify(pack, unplanned, whole.Conversation).Verdicts.Any(v => v.Outcome == Outcome.Fail))
                continue;
            accepted++;
            var clean = await Play(pack, unplanned, (ulong)index, faultRate: 0, stops: true);
            clean.Conversation.End.Should().NotBe(DialogueEnd.StoppedEarly, "{0}: {1}", blueprint.Id, clean.Conversation.StopReason);
        }

        accepted.Should().BeGreaterThan(written / 2);
    }

    private static async Task<(Conversation Conversation, string? Fault)> Play(
        Pack pack,
        Blueprint blueprint,
        ulong seed,
        double faultRate,
        bool stops
    )
    {
        var model = new RehearsalModel(_ => pack, new() { FaultRate = faultRate });
        var setup = new RunSetup
        {
            Spec = new()
            {
                RunId = "doom",
                Domains = [pack.Name],
                Count = 1,
                Seed = (long)seed,
            },
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [pack.Name] = pack },
            Human = model,
            Agent = model,
            Blueprints = null!,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
            EarlyStop = stops,
        };
        var session = await DialogueRunner.Play(setup, 0, 0, blueprint, CancellationToken.None);
        return (session.Finish(), session.PlantedFault);
    }

    private static (Pack Pack, BlueprintSampler Sampler) Load(string name)
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", name));
        return (pack, new(pack));
    }
}
