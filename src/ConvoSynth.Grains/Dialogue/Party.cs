using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// One role as its dialogue sees it. Tracks which messages the role has received, and replays all of them to a new activation.
/// </summary>
/// <param name="epoch">Epoch of the latest owner, for which the dialogue is played now.</param>
internal sealed class Party(IRoleGrain grain, RoleOpening opening, Func<long> epoch, TimeProvider time, CancellationToken cancellationToken)
{
    private const int ForgettingLimit = 5;

    private readonly List<Message> _unheard = [];
    private readonly List<ImmutableArray<Message>> _past = [];
    private bool _opened;
    private long _epoch = opening.Epoch;

    public void Hears(Message message) => _unheard.Add(message);

    public async Task<RoleReply> Speak()
    {
        ImmutableArray<Message> heard = [.. _unheard];
        var reply = _opened ? await Ask(_past.Count, heard) : new() { Forgot = true };
        for (var i = 1; reply.Forgot || (reply.DialogueHalt is { LostPlace: true } && epoch() > _epoch); i++)
        {
            if (i > ForgettingLimit)
                return new() { Error = $"the role forgot its conversation {ForgettingLimit} times in one turn" };
            reply = await SendWhole(heard);
        }

        _past.Add(heard);
        _unheard.Clear();
        return reply;
    }

    /// <summary>Deactivates the role. If the call is lost, Orleans collects the role when it is idle.</summary>
    public async Task Close()
    {
        if (!_opened)
            return;
        try
        {
            await grain.Close();
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            return;
        }
    }

    private async Task<RoleReply> SendWhole(ImmutableArray<Message> heard)
    {
        _epoch = epoch();
        // The opening travels with the first turn: a separate call would queue behind a turn of another activation of the dialogue and
        // time out.
        RoleOpening? latest = opening with
        {
            Epoch = _epoch,
        };
        _opened = true;
        for (var i = 0; i < _past.Count; i++)
        {
            var past = await Ask(i, _past[i], latest);
            if (past.Forgot || past.HasNoAnswer)
                return past;
            latest = null;
        }

        return await Ask(_past.Count, heard, latest);
    }

    private Task<RoleReply> Ask(int turn, ImmutableArray<Message> heard, RoleOpening? first = null) =>
        ReplyRetry.Repeat(
            () => grain.Reply(new(turn, heard) { Opening = first }, cancellationToken),
            r => r.Again,
            time,
            cancellationToken
        );
}
