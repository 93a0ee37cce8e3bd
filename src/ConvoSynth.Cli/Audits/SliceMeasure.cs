using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>How one agent that must fail a slice fares.</summary>
/// <param name="Kind">What the agent does, one of <see cref="FaultKinds.OfSlices"/>.</param>
/// <param name="IsBlind">Whether it does not notice the slice; a task that it passes is a base task.</param>
/// <param name="Played">Dialogues in which it could do so.</param>
/// <param name="Passed">Those among them that were accepted all the same.</param>
internal sealed record SliceAgentFigures(string Kind, bool IsBlind, long Played, long Passed);

/// <summary>The tasks of one slice among sampled ones.</summary>
/// <param name="Drawn">Indexes that drew the slice.</param>
/// <param name="Made">Tasks that have it.</param>
/// <param name="Lost">Tasks of which the dialogue of a right agent is rejected or undecided.</param>
/// <param name="Agents">The agents that must fail it.</param>
/// <param name="Why">Why there is no task; null if there are some.</param>
internal sealed record SliceLine(string Slice, long Drawn, long Made, long Lost, ImmutableArray<SliceAgentFigures> Agents, string? Why)
{
    /// <summary>The minimum share of its tasks that each agent must fail.</summary>
    public const double LeastFailed = 0.99;

    /// <summary>Tasks that the blind agent passes, which count as base tasks.</summary>
    public long CountedAsBase => Agents.Where(a => a.IsBlind).Sum(a => a.Passed);

    public bool IsSound => Agents.All(a => a.Played == 0 || (double)(a.Played - a.Passed) / a.Played >= LeastFailed);
}

/// <summary>Samples tasks by shares of slices and plays each with a right agent and with the agents that must fail it.</summary>
internal static class SliceMeasure
{
    private const int Chunk = 50;

    public static async Task<ImmutableArray<SliceLine>> Of(
        RehearsedDialogues source,
        Pack pack,
        SliceShares shares,
        long count,
        CancellationToken cancellationToken
    )
    {
        var sampler = source.SamplerOf(shares);
        var verifier = Verifier.Default(pack);
        var chunks = new Dictionary<string, Tally>[(count + Chunk - 1) / Chunk];
        await Parallel.ForAsync(
            0,
            chunks.Length,
            cancellationToken,
            async (c, token) =>
            {
                chunks[c] = Slices.All.ToDictionary(s => s, _ => new Tally(), StringComparer.Ordinal);
                for (var i = (long)c * Chunk; i < Math.Min(count, (c + 1L) * Chunk); i++)
                {
                    chunks[c][source.DrawnBy(sampler, i)].Drawn++;
                    if (source.TaskOf(sampler, i) is { } task)
                        await chunks[c][task.Slice].Take(source, verifier, i, task, token);
                }
            }
        );
        return [.. Slices.All.Select(s => Tally.Sum(chunks.Select(c => c[s])).Line(s, sampler.WhyNone(s)))];
    }

    private sealed class Tally
    {
        private readonly SortedDictionary<string, (long Played, long Passed)> _agents = new(StringComparer.Ordinal);

        public long Drawn { get; set; }

        private long Made { get; set; }

        private long Lost { get; set; }

        public async ValueTask Take(RehearsedDialogues source, Verifier verifier, long index, Blueprint task, CancellationToken token)
        {
            Made++;
            if (!Passes(verifier, await source.Played(null, index, task, token)))
                Lost++;
            foreach (var kind in SliceAgents.Of(task.Slice)?.Kinds ?? [])
            {
                if (await source.Played(kind, index, task, token) is not { } played)
                    continue;
                var (all, passed) = _agents.GetValueOrDefault(kind);
                _agents[kind] = (all + 1, passed + (Passes(verifier, played) ? 1 : 0));
            }
        }

        public static Tally Sum(IEnumerable<Tally> parts)
        {
            var sum = new Tally();
            foreach (var part in parts)
            {
                (sum.Drawn, sum.Made, sum.Lost) = (sum.Drawn + part.Drawn, sum.Made + part.Made, sum.Lost + part.Lost);
                foreach (var (kind, (played, passed)) in part._agents)
                {
                    var (all, some) = sum._agents.GetValueOrDefault(kind);
                    sum._agents[kind] = (all + played, some + passed);
                }
            }

            return sum;
        }

        public SliceLine Line(string slice, string? why)
        {
            var agents = SliceAgents.Of(slice);
            return new(
                slice,
                Drawn,
                Made,
                Lost,
                [.. _agents.Select(a => new SliceAgentFigures(a.Key, a.Key == agents?.Blind, a.Value.Played, a.Value.Passed))],
                Made > 0 || Drawn == 0 ? null : why ?? $"none of the tasks that were tried for {Drawn} indexes allows it"
            );
        }

        private static bool Passes(Verifier verifier, AuditedDialogue? played) =>
            played is not null
            && !verifier
                .Verify(played.Pack, played.Blueprint, played.Conversation)
                .Verdicts.Any(v => v.Outcome is Outcome.Fail or Outcome.Unsure);
    }
}
