using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Calibrations;

/// <summary>Counts what the seats said of the dialogues of a calibration.</summary>
internal static class CalibrationFigures
{
    public static async Task<CalibrationReport> Of(
        RunSpec spec,
        CalibrationOptions options,
        SeatTally[] seats,
        IReadOnlyList<JudgedCase> cases,
        CancellationToken cancellationToken
    )
    {
        SeatFigures[] figures = [.. seats.Select((s, i) => OfSeat(s, i, cases))];
        int[] voting = [.. Enumerable.Range(0, seats.Length).Where(i => figures[i].Barred(options.Bounds) is null)];
        return new()
        {
            Domains = spec.Domains,
            Seed = options.Seed,
            Planted = cases.Count(c => c.Fault is not null),
            PlantedLeftOpen = cases.Count(c => c is { Fault: not null, IsLeftOpen: true }),
            Clean = cases.Count(c => c.Fault is null),
            Bounds = options.Bounds,
            Seats = [.. figures],
            Committee = voting.Length == 0 ? null : await OfCommittee(options, seats, voting, cases, cancellationToken),
        };
    }

    private static SeatFigures OfSeat(SeatTally seat, int at, IReadOnlyList<JudgedCase> cases)
    {
        var usage = seat.Usage;
        return new()
        {
            Name = seat.Spec.Name,
            Endpoint = seat.Spec.Endpoint,
            Model = seat.Endpoint.Model,
            Rubric = seat.Spec.Rubric,
            Simulated = seat.Endpoint.Rehearsal,
            Sensitivity = Share(cases.Where(c => c.Fault is not null), c => Finds(c.Seats[at].Ballot)),
            SensitivityLeftOpen = Share(cases.Where(c => c is { Fault: not null, IsLeftOpen: true }), c => Finds(c.Seats[at].Ballot)),
            Specificity = Share(cases.Where(c => c.Fault is null), c => Passes(c.Seats[at].Ballot)),
            Questions = Share(cases.Where(c => c.HasQuestions), c => IsRight(c, c.Seats[at].Settled)),
            Kinds = cases
                .Where(c => c.Fault is not null)
                .GroupBy(c => c.Fault!, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => Share(g, c => Finds(c.Seats[at].Ballot)), StringComparer.Ordinal),
            NoVote = seat.NoVote,
            Calls = usage.Calls,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            Cost = usage.Cost,
            Problem = seat.Problem,
        };
    }

    private static async Task<CommitteeFigures> OfCommittee(
        CalibrationOptions options,
        SeatTally[] seats,
        int[] voting,
        IReadOnlyList<JudgedCase> cases,
        CancellationToken cancellationToken
    )
    {
        var (accepted, asked, calls) = (new HashSet<long>(), 0L, new List<ModelCall>());
        foreach (var judged in cases)
        {
            // The committee itself says how many seats it would have asked in a run.
            var draw = new Core.Seed((ulong)options.Seed).For("calibration").For(judged.Index);
            var committee = new Committee(
                [.. voting.Select(v => new Cast(seats[v].Spec.Name, judged.Seats[v].Ballot))],
                new(draw, InFull: false)
            );
            var verdicts = await committee.VoteAsync(judged.Question, cancellationToken);
            asked += verdicts[0].Votes!.Value.Length;
            calls.AddRange(committee.Calls);
            if (verdicts.All(v => v.Outcome == Outcome.Pass))
                accepted.Add(judged.Index);
        }

        var usage = PaidUsage.Of([.. calls]);
        var voted = cases.Where(c => voting.All(v => c.Seats[v].Ballot.Problem is null)).ToArray();
        return new()
        {
            Seats = voting.Length,
            Sensitivity = Share(cases.Where(c => c.Fault is not null), c => !accepted.Contains(c.Index)),
            Specificity = Share(cases.Where(c => c.Fault is null), c => accepted.Contains(c.Index)),
            Worth = Worth.Of(
                [
                    .. voted.Select(c =>
                        (c.Fault is not null, voting.Select(v => Passes(c.Seats[v].Ballot) == c.Fault is not null).ToArray())
                    ),
                ],
                new Core.Seed((ulong)options.Seed).For("worth")
            ),
            Alpha = Criterion.OfDialogues.ToImmutableSortedDictionary(c => c.Name, c => AlphaOf(cases, voting, c), StringComparer.Ordinal),
            AskedPerDialogue = Math.Round((double)asked / cases.Count, 3),
            TokensPerDialogue = Math.Round((double)(usage.InputTokens + usage.OutputTokens) / cases.Count, 1),
            CostPerDialogue = usage.Cost is { } cost ? Math.Round(cost / cases.Count, 6) : null,
        };
    }

    private static double? AlphaOf(IReadOnlyList<JudgedCase> cases, int[] voting, Criterion criterion)
    {
        var agreement = new Agreement();
        foreach (var judged in cases)
        {
            Mark?[] marks = [.. voting.Select(v => judged.Seats[v].Ballot.Of(criterion))];
            agreement.Add(marks.Count(m => m is { Met: 1 }), marks.Count(m => m is { Met: 0 }));
        }

        return agreement.Alpha is { } alpha ? Math.Round(alpha, 3) : null;
    }

    private static bool Finds(Ballot ballot) => ballot.Marks.Any(m => m.Met == 0);

    // One no is enough to reject a dialogue, and an open question keeps it from being accepted.
    private static bool IsRight(JudgedCase judged, ImmutableArray<Outcome> settled) =>
        judged.Fault is null ? !settled.IsEmpty && settled.All(o => o == Outcome.Pass) : settled.Any(o => o == Outcome.Fail);

    private static bool Passes(Ballot ballot) => !ballot.Marks.IsEmpty && ballot.Marks.All(m => m.Met == 1);

    private static Proportion Share(IEnumerable<JudgedCase> cases, Func<JudgedCase, bool> isHit)
    {
        var (hits, of) = (0, 0);
        foreach (var judged in cases)
        {
            of++;
            hits += isHit(judged) ? 1 : 0;
        }

        return new(hits, of);
    }

    // A seat whose ballot is known already.
    private sealed class Cast(string name, Ballot ballot) : IJudgeSeat
    {
        public string Name => name;

        public Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken) => Task.FromResult(ballot);

        public Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken) =>
            throw new NotSupportedException("a ballot that was cast answers no question");
    }
}
