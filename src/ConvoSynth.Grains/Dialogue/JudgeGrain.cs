using ConvoSynth.Domains.Packs;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Judges;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>One seat of the committee: asks its model one question per call. Calls interleave.</summary>
public sealed class JudgeGrain(IRunCatalog runs, TimeProvider time) : Grain, IJudgeGrain
{
    private readonly SingleFlight<(string Run, long Index, int Attempt, long Epoch, string What), JudgeReply> _asked = new();
    private readonly SilentSeat _silence = new(time);

    public Task<JudgeReply> Ask(QuestionWork work, CancellationToken cancellationToken = default) =>
        Reply(
            work.About,
            $"question {work.Question.Number}",
            async judge => new() { Answer = await judge.AskAsync(work.Question, CancellationToken.None) }
        );

    public Task<JudgeReply> Vote(VoteWork work, CancellationToken cancellationToken = default) =>
        Reply(
            work.About,
            work.Question.Task is null ? "dialogue" : "task",
            async judge => new() { Ballot = await judge.VoteAsync(work.Question, CancellationToken.None) }
        );

    private Task<JudgeReply> Reply(JudgeWork work, string what, Func<ModelJudge, Task<JudgeReply>> ask) =>
        _asked.Do(
            (work.RunId, work.Index, work.Attempt, work.Epoch, what),
            async () =>
            {
                if (_silence.Error is { } silent)
                    return new() { Error = silent };
                try
                {
                    var reply = await ask(Judge(work));
                    _silence.Answered();
                    return reply;
                }
                catch (Exception e)
                {
                    var reply = Failed(e);
                    if (reply is { Again: true, Error: { } error })
                        _silence.KeptSilent(error);
                    return reply;
                }
            }
        );

    private static JudgeReply Failed(Exception e) =>
        DialogueHalt.Of(e) is { } halt
            ? new() { DialogueHalt = halt }
            : new() { Error = e is JournalException ? e.Message : ErrorText.Of(e), Again = e is TransientModelException };

    private ModelJudge Judge(JudgeWork work)
    {
        var setup = runs.SetupOf(work.RunId);
        var journal = setup.Record ?? new GrainJournal(GrainFactory, work.RunId, work.Partition, work.Epoch, time);
        var pack = setup.PackOf(work.Domain, work.World);
        return setup.JudgeOf(this.GetPrimaryKeyString(), pack, new(work.RunId, work.Index, work.Attempt), journal);
    }
}

/// <summary>
/// A committee seat as the dialogue sees it. An endpoint that stays away casts no vote and leaves its question unsure; a refusing one
/// ends the dialogue without a row.
/// </summary>
internal sealed class GrainSeat(IJudgeGrain grain, string name, JudgeWork work, TimeProvider time) : IJudgeSeat
{
    public string Name => name;

    public async Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var reply = await ReplyRetry.Repeat(() => grain.Ask(new(work, question), cancellationToken), r => r.Again, time, cancellationToken);
        Require(reply);
        return reply.Answer ?? ModelJudge.NoAnswer(name, reply.Error ?? "no answer");
    }

    public async Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken)
    {
        var reply = await ReplyRetry.Repeat(
            () => grain.Vote(new(work, question), cancellationToken),
            r => r.Again,
            time,
            cancellationToken
        );
        Require(reply);
        return reply.Ballot ?? Ballot.None(reply.Error ?? "no answer");
    }

    // A halt ends the dialogue, not just the vote. A replayed journal without this question is an error, not a halt, and leaves the
    // question open.
    private static void Require(JudgeReply reply)
    {
        if (reply.DialogueHalt is { } halt)
            throw new DialogueHaltException(halt);
    }
}
