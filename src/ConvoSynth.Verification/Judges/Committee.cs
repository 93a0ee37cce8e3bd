using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// The judges of one dialogue or task. They are asked only if no check failed, and they overrule none. First they settle unsure
/// verdicts, one question at a time, by more than half of all seats. If nothing has failed then, the seats vote on the whole dialogue,
/// and each criterion follows the majority of the votes cast. A tie, or no vote at all, leaves it unsure: the row waits for a person.
/// Asking ends as soon as no further answer can change the outcome, unless the sitting is in full.
/// </summary>
public sealed class Committee : IJudge
{
    /// <summary>The stage of votes on dialogues.</summary>
    public const string Stage = "committee";

    /// <summary>The stage of votes on tasks.</summary>
    public const string BlueprintStage = "blueprint";

    private readonly IReadOnlyList<IJudgeSeat> _seats;
    private readonly Sitting _sitting;
    private readonly List<ModelCall> _calls = [];

    /// <param name="seats">The seats in the order of the spec, at least one.</param>
    /// <param name="sitting">Every seat in one order by default.</param>
    public Committee(IReadOnlyList<IJudgeSeat> seats, Sitting? sitting = null)
    {
        if (seats.Count == 0)
            throw new ArgumentException("a committee has at least one seat", nameof(seats));
        _seats = seats;
        _sitting = sitting ?? Sitting.Plain;
    }

    public string Name => Stage;

    /// <summary>The model calls of all seats so far.</summary>
    public IReadOnlyList<ModelCall> Calls => _calls;

    /// <summary>The trajectory with the findings of the judges added.</summary>
    public async Task<Trajectory> Judge(Trajectory trajectory, CancellationToken cancellationToken)
    {
        if (HasFailed(trajectory.Verdicts))
            return Skipped(trajectory);
        var settled = trajectory with
        {
            Verdicts = await Judging.SettleAsync(
                trajectory.Verdicts,
                trajectory.Conversation,
                trajectory.Blueprint,
                this,
                cancellationToken
            ),
        };
        if (HasFailed(settled.Verdicts))
            return Skipped(settled);
        var verdicts = await VoteAsync(CommitteeQuestion.Of(settled), cancellationToken);
        return settled with { Verdicts = [.. settled.Verdicts, .. verdicts] };
    }

    /// <summary>The seats' verdicts on a dialogue or a task.</summary>
    public async Task<ImmutableArray<Verdict>> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken)
    {
        var (stage, criteria) = question.Task is null ? (Stage, Criterion.OfDialogues) : (BlueprintStage, Criterion.OfBlueprints);
        var order = _sitting.Order(_seats.Count, question: -1);
        var ballots = new Ballot?[_seats.Count];
        for (var asked = 0; asked < order.Length; )
        {
            int[] wave = order[asked..(asked + Wave(ballots, criteria, order.Length - asked))];
            var cast = await Task.WhenAll(wave.Select(s => _seats[s].VoteAsync(question, cancellationToken)));
            foreach (var (seat, ballot) in wave.Zip(cast))
            {
                ballots[seat] = ballot;
                _calls.AddRange(ballot.Calls);
            }

            asked += wave.Length;
            if (!_sitting.InFull && Lead(ballots, criteria) > order.Length - asked)
                break;
        }

        return [.. criteria.Select(c => Counted(stage, c, ballots))];
    }

    async Task<JudgeAnswer> IJudge.AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var votes = new SortedDictionary<int, Vote>();
        var (yes, no) = (0, 0);
        JudgeAnswer? against = null;
        foreach (var at in _sitting.Order(_seats.Count, question.Number))
        {
            var answer = await _seats[at].AskAsync(question, cancellationToken);
            _calls.AddRange(answer.Calls);
            votes[at] = answer.Votes is [var own, ..] ? own : new(_seats[at].Name, Word(answer.Outcome), answer.Evidence);
            if (answer.Outcome == Outcome.Pass)
                yes++;
            if (answer.Outcome == Outcome.Fail)
            {
                no++;
                against ??= answer;
            }

            var left = _seats.Count - votes.Count;
            if (!AsksAll && (IsMost(yes) || IsMost(no) || (!IsMost(yes + left) && !IsMost(no + left))))
                break;
        }

        var outcome =
            IsMost(yes) ? Outcome.Pass
            : IsMost(no) ? Outcome.Fail
            : Outcome.Unsure;
        var told = string.Join("; ", votes.Values.Select(v => $"{v.Judge} {v.Answer}: {v.Evidence}"));
        return new(outcome, outcome == Outcome.Fail ? against!.Fault : Fault.None, told) { Votes = [.. votes.Values] };
    }

    // Without a draw, questions ended early before votes did.
    private bool AsksAll => _sitting is { InFull: true, Draw: not null };

    private bool IsMost(int votes) => 2 * votes > _seats.Count;

    // The fewest further seats after which the majority can be certain: they are asked at once, and none of them in vain.
    private int Wave(Ballot?[] ballots, ImmutableArray<Criterion> criteria, int left) =>
        _sitting.InFull ? left : Math.Min(left, ((left - Lead(ballots, criteria)) / 2) + 1);

    // The smallest majority of all criteria. Seats without a vote leave it as it is.
    private static int Lead(Ballot?[] ballots, ImmutableArray<Criterion> criteria) =>
        criteria.Min(c => Math.Abs(ballots.Sum(b => b?.Of(c) is { } mark ? (2 * mark.Met) - 1 : 0)));

    private static bool HasFailed(ImmutableArray<Verdict> verdicts) => verdicts.Any(v => v.Outcome == Outcome.Fail);

    private static string Word(Outcome outcome) =>
        outcome switch
        {
            Outcome.Pass => "yes",
            Outcome.Fail => "no",
            _ => "cannot-tell",
        };

    private static Trajectory Skipped(Trajectory trajectory) =>
        trajectory with
        {
            Verdicts =
            [
                .. trajectory.Verdicts,
                .. Criterion.OfDialogues.Select(c => new Verdict
                {
                    Stage = Stage,
                    Check = c.Name,
                    Kind = CheckKind.Judge,
                    Outcome = Outcome.Skipped,
                    Evidence = "not asked: a check failed",
                }),
            ],
        };

    private Verdict Counted(string stage, Criterion criterion, Ballot?[] ballots)
    {
        var ones = ballots.Count(b => b?.Of(criterion) is { Met: 1 });
        var zeros = ballots.Count(b => b?.Of(criterion) is { Met: 0 });
        var outcome =
            ones > zeros ? Outcome.Pass
            : zeros > ones ? Outcome.Fail
            : Outcome.Unsure;
        return new()
        {
            Stage = stage,
            Check = criterion.Name,
            Kind = CheckKind.Judge,
            Outcome = outcome,
            Fault = outcome == Outcome.Fail ? criterion.Fault : Fault.None,
            Evidence = ones + zeros == 0 ? "no judge voted" : $"{ones} of {ones + zeros} votes are 1",
            Votes =
            [
                .. ballots.SelectMany<Ballot?, Vote>(
                    (b, i) =>
                        b is null ? []
                        : b.Of(criterion) is { } mark ? [new(_seats[i].Name, $"{mark.Met}", mark.Evidence)]
                        : [new(_seats[i].Name, "none", b.Problem ?? "")]
                ),
            ],
        };
    }
}
