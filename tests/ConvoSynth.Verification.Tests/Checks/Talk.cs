using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Tests;

/// <summary>Builds a conversation line by line. It executes calls, so that observations are true unless one is given.</summary>
internal sealed class Talk(Pack pack)
{
    private readonly DialogueEnvironment _environment = new(pack);
    private readonly List<Message> _messages = [];
    private int _ids;

    public Talk Human(string text) => Add(Message.User(text));

    public Talk Agent(string text) => Add(Message.Assistant(text));

    public Talk Call(string tool, params (string Name, Json Value)[] arguments) => Raw(tool, Json.Map(arguments).ToString());

    /// <summary>A call with literal arguments, and optionally a false observation.</summary>
    public Talk Raw(string tool, string arguments, string? observation = null, string? text = null)
    {
        var call = new ToolCall($"call_{++_ids}", tool, arguments);
        Add(
            new()
            {
                Role = MessageRole.Assistant,
                Content = text,
                ToolCalls = [call],
            }
        );
        return Add(Message.Observation(call, observation ?? _environment.Call(tool, arguments).Text));
    }

    /// <summary>Several calls in one message.</summary>
    public Talk Together(params (string Tool, Json Arguments)[] calls)
    {
        ImmutableArray<ToolCall> made = [.. calls.Select(c => new ToolCall($"call_{++_ids}", c.Tool, c.Arguments.ToString()))];
        Add(Message.Calls(made));
        foreach (var call in made)
            Add(Message.Observation(call, _environment.Call(call.Name, call.Arguments).Text));
        return this;
    }

    public Talk Add(Message message)
    {
        _messages.Add(message);
        return this;
    }

    public Talk Stop(string text = "Thanks.") => Human($"{text} {StopMarks.Stop}");

    public Conversation Done(DialogueEnd end = DialogueEnd.HumanStop) =>
        new()
        {
            System = pack.SystemPrompt,
            Tools = [.. pack.Tools.All.Select(t => t.Definition)],
            Messages = [.. _messages],
            Meta = [.. _messages.Select(m => new MessageMeta { Train = m.Role == MessageRole.Assistant })],
            End = end,
        };
}
