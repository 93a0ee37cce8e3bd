using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// The judges of one dialogue. They are asked only if no check failed, and they overrule none. First they settle unsure verdicts, one
/// question at a time, by more than half of all seats. Asking ends as soon as no further answer can change the outcome. If nothing has
/// failed then, each seat votes on the whole dialogue, and each criterion follows the majority of the votes cast. A tie, or no vote at
/// all, leaves it unsure: the row waits for a person.
/// </summary>
public sealed class Committee : IJudge
{
    public const string Stage = "committee";

    private readonly IReadOnlyList<IJudgeSeat> _seats;
    private readonly List<ModelCall> _calls = [];

    /// <param name="seats">The seats in the order of the spec, at least one.</param>
    public Committee(IReadOnlyList<IJudgeSeat> seats)
    {
        if (seats.Count == 0)
            throw new ArgumentException("a committee has at least one seat", nameof(seats));
        _seats = seats;
    }

    /// <summary>The criteria of the seats' votes.</summary>
    public static ImmutableArray<string> Criteria { get; } = ["correctness", "completeness", "naturalness"];

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
                trajectory.Blueprint.Instruction,
                this,
                cancellationToken
            ),
        };
        if (HasFailed(settled.Verdicts))
            return Skipped(settled);
        var question = CommitteeQuestion.Of(settled);
        var ballots = await Task.WhenAll(_seats.Select(s => s.VoteAsync(question, cancellationToken)));
        foreach (var ballot in ballots)
            _calls.AddRange(ballot.Calls);
        return settled with
        {
            Verdicts =
            [
                .. settled.Verdicts,
                Counted(0, ballots, b => b.Correctness, Fault.Agent),
                Counted(1, ballots, b => b.Completeness, Fault.Agent),
                // Naturalness concerns the human's part: another attempt has another human.
                Counted(2, ballots, b => b.Naturalness, Fault.Human),
            ],
        };
    }

    async Task<JudgeAnswer> IJudge.AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var votes = ImmutableArray.CreateBuilder<Vote>(_seats.Count);
        var (yes, no) = (0, 0);
        JudgeAnswer? against = null;
        foreach (var seat in _seats)
        {
            var answer = await seat.AskAsync(question, cancellationToken);
            _calls.AddRange(answer.Calls);
            votes.AddRange(
                answer.Votes.IsEmpty
                    ?
                    [
                        new(
                            seat.Name,
                            answer.Outcome switch
                            {
                                Outcome.Pass => "yes",
                                Outcome.Fail => "no",
                                _ => "cannot-tell",
                            },
                            answer.Evidence
                        ),
                    ]
                    : answer.Votes
            );
            if (answer.Outcome == Outcome.Pass)
                yes++;
            if (answer.Outcome == Outcome.Fail)
            {
                no++;
                against ??= answer;
            }

            var left = _seats.Count - votes.Count;
            if (IsMost(yes) || IsMost(no) || (!IsMost(yes + left) && !IsMost(no + left)))
                break;
        }

        var outcome =
            IsMost(yes) ? Outcome.Pass
            : IsMost(no) ? Outcome.Fail
            : Outcome.Unsure;
        var told = string.Join("; ", votes.Select(v => $"{v.Judge} {v.Answer}: {v.Evidence}"));
        return new(outcome, outcome == Outcome.Fail ? against!.Fault : Fault.None, told) { Votes = votes.ToImmutable() };
    }

    private bool IsMost(int votes) => 2 * votes > _seats.Count;

    private static bool HasFailed(ImmutableArray<Verdict> verdicts) => verdicts.Any(v => v.Outcome == Outcome.Fail);

    private static Trajectory Skipped(Trajectory trajectory) =>
        trajectory with
        {
            Verdicts =
            [
                .. trajectory.Verdicts,
                .. Criteria.Select(c => new Verdict
                {
                    Stage = Stage,
                    Check = c,
                    Kind = CheckKind.Judge,
                    Outcome = Outcome.Skipped,
                    Evidence = "not asked: a check failed",
                }),
            ],
        };

    private Verdict Counted(int criterion, Ballot[] ballots, Func<Ballot, int?> of, Fault fault)
    {
        var (ones, zeros) = (ballots.Count(b => of(b) == 1), ballots.Count(b => of(b) == 0));
        var outcome =
            ones > zeros ? Outcome.Pass
            : zeros > ones ? Outcome.Fail
            : Outcome.Unsure;
        return new()
        {
            Stage = Stage,
            Check = Criteria[criterion],
            Kind = CheckKind.Judge,
            Outcome = outcome,
            Fault = outcome == Outcome.Fail ? fault : Fault.None,
            Evidence = ones + zeros == 0 ? "no judge voted" : $"{ones} of {ones + zeros} votes are 1",
            Votes = [.. ballots.Select((b, i) => new Vote(_seats[i].Name, of(b)?.ToString() ?? "none", b.Evidence))],
        };
    }
}
