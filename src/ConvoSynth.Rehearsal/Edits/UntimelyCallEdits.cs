using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

// Calls without what must come before them: a yes, or the proof of identity.
internal sealed partial class CallEdits
{
    /// <summary>Removes the messages between the last observation and a write, so that the write comes unannounced.</summary>
    public Conversation? Unconfirmed()
    {
        foreach (var (at, _, tool) in Writes)
        {
            if (WrongWrites.Details(_pack, tool.Name) is null)
                continue;
            var from = at - 1;
            while (from >= 0 && Messages[from].Role != MessageRole.Tool && !Messages[from].ToolCalls.Any())
                from--;
            if (from < 0 || at - from < 3)
                continue;
            var draft = new Draft(_clean);
            draft.Remove(from + 1, at - from - 1);
            draft.Observe(_pack, _blueprint);
            return draft.Finish();
        }

        return null;
    }

    /// <summary>Removes the proof of identity, but keeps the reads of personal rows.</summary>
    public Conversation? Unidentified()
    {
        if (
            !_calls.Any(c =>
                c.Tool.Writes
                || c.Tool.Reveals.Any(r =>
                    _pack.Domain.Entities.TryGetValue(r.Split('.')[0], out var e) && _pack.Rows.IsOwned(e) && !IsProof(c.Tool)
                )
            )
        )
            return null;
        var draft = new Draft(_clean);
        var any = false;
        for (var i = Messages.Length - 2; i >= 0; i--)
        {
            if (Messages[i].ToolCalls is not [var call] || _pack.Tools.Find(call.Name) is not { } tool || !IsProof(tool))
                continue;
            draft.Remove(i, 2);
            any = true;
            Misname(draft, i, tool, call);
        }

        if (!any)
            return null;
        draft.Observe(_pack, _blueprint);
        return draft.Finish();
    }

    // If the key alone proves identity, saying it identifies the human. So the human says another key.
    private void Misname(Draft draft, int before, ToolSpec proof, ToolCall call)
    {
        var key = $"{_pack.Domain.Who}.{_pack.Domain.Entity(_pack.Domain.Who).Key}";
        if (
            proof.Parameters.FirstOrDefault(p => p.Is == key) is not { } parameter
            || Json.Parse(call.Arguments)[parameter.Name].Text is not { Length: > 1 } said
        )
            return;
        for (var i = 0; i < before; i++)
        {
            if (Messages[i] is { Role: MessageRole.User, Content: { } text } human)
                draft.Replace(i, human with { Content = text.Replace(said, $"{said}{_random.Between(1, 9)}", StringComparison.Ordinal) });
        }
    }

    private bool IsProof(ToolSpec tool) => _pack.Domain.Identity.Any(p => p.Tool == tool.Name);
}
