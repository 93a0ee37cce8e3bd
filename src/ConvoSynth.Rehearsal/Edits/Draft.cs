using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>A finished conversation during an edit: messages and their metadata, kept parallel.</summary>
internal sealed class Draft
{
    private readonly Conversation _from;
    private readonly List<Message> _messages;
    private readonly List<MessageMeta> _meta;

    public Draft(Conversation from)
    {
        _from = from;
        _messages = [.. from.Messages];
        _meta = [.. from.Messages.Select((_, i) => i < from.Meta.Length ? from.Meta[i] : new())];
    }

    public IReadOnlyList<Message> Messages => _messages;

    public void Replace(int at, Message message) => _messages[at] = message;

    public void Remove(int at, int count = 1)
    {
        _messages.RemoveRange(at, count);
        _meta.RemoveRange(at, count);
    }

    public void Insert(int at, params ReadOnlySpan<Message> messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            _messages.Insert(at + i, messages[i]);
            _meta.Insert(at + i, new() { Train = messages[i].Role == MessageRole.Assistant });
        }
    }

    public void Swap(int a, int b)
    {
        (_messages[a], _messages[b]) = (_messages[b], _messages[a]);
        (_meta[a], _meta[b]) = (_meta[b], _meta[a]);
    }

    /// <summary>Inserts a call and its observation before a message; <see cref="Observe"/> fills the observation.</summary>
    public void InsertCall(int at, ToolCall call) => Insert(at, Message.Calls(call), Message.Observation(call, ""));

    /// <summary>Re-executes all calls and records the environment's results, as they would be in the edited conversation.</summary>
    public Trial Observe(Pack pack, Blueprint blueprint)
    {
        var trial = new Trial(pack, blueprint);
        for (var i = 0; i < _messages.Count; i++)
        {
            for (var c = 0; c < _messages[i].ToolCalls.Length; c++)
            {
                var call = _messages[i].ToolCalls[c];
                var text = trial.Execute(call).Text;
                var at = i + 1 + c;
                if (at < _messages.Count && _messages[at].Role == MessageRole.Tool && _messages[at].ToolCallId == call.Id)
                    _messages[at] = _messages[at] with { Content = text, Name = call.Name };
            }
        }

        return trial;
    }

    public Conversation Finish() => _from with { Messages = [.. _messages], Meta = [.. _meta] };

    public Conversation Finish(ImmutableArray<ToolDefinition> tools) => Finish() with { Tools = tools };
}
