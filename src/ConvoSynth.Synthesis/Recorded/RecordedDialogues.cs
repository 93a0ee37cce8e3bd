using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>A dialogue that real models had elsewhere.</summary>
public sealed record RecordedDialogue
{
    public required string Id { get; init; }

    /// <summary>The models that played the two parties.</summary>
    public required string Agent { get; init; }

    public required string Human { get; init; }

    /// <summary>The task that it was about: <see cref="CheckedTask.Id"/>.</summary>
    public required string TaskId { get; init; }

    /// <summary>The simulated human's instruction, which may be worded otherwise than the task's.</summary>
    public required string Instruction { get; init; }

    /// <summary>What the benchmark that it comes from gave for it.</summary>
    public required double Reward { get; init; }

    public required ImmutableArray<Message> Messages { get; init; }

    /// <summary>The dialogue as the verifier sees it: the tools are the pack's, the policy is what the recorded agent had.</summary>
    /// <param name="system">The policy that the recorded agent had.</param>
    public Conversation AsConversation(Pack pack, string system) => new()
    {
        System = system,
        Tools = [.. pack.Tools.All.Select(t => t.Definition)],
        Messages = Messages,
        Meta = [.. Messages.Select(m => new MessageMeta { Train = m.Role == MessageRole.Assistant, Model = ModelOf(m.Role) })],
        End = End(pack),
    };

    private string? ModelOf(MessageRole role) => role switch { MessageRole.Assistant => Agent, MessageRole.User => Human, _ => null };

    private DialogueEnd End(Pack pack)
    {
        var last = Messages[^1];
        if (last.Role == MessageRole.User && last.Content?.Contains(DialogueSession.Stop, StringComparison.Ordinal) == true) return DialogueEnd.HumanStop;
        return last is { Role: MessageRole.Tool, Name: { } tool } && pack.Tools.Find(tool) is { Kind: ToolKind.Transfer } ? DialogueEnd.Transfer : DialogueEnd.RecordEnd;
    }
}

/// <summary>A file of recorded dialogues: <c>{ system, dialogues: [ { id, agent, human, task_id, instruction, reward, messages } ] }</c>, messages in OpenAI chat form.</summary>
public sealed record RecordedDialogues(string System, ImmutableArray<RecordedDialogue> Dialogues)
{
    /// <summary>Reads the content of such a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="FormatException">The file is no such thing; the message names file and dialogue.</exception>
    public static RecordedDialogues Read(string file, ReadOnlySpan<byte> content)
    {
        Json root;
        try
        {
            root = Json.Parse(content);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }

        if (root["dialogues"] is not JsonList dialogues) throw new FormatException($"{file}: a list \"dialogues\" is wanted");
        return new(root["system"].Text ?? "", [.. dialogues.Items.Select((d, i) => Dialogue(d, $"{file}: dialogues[{i}]"))]);
    }

    private static RecordedDialogue Dialogue(Json from, string where)
    {
        if (from["messages"] is not JsonList { Items.Count: > 0 } messages) throw new FormatException($"{where}: a list \"messages\" that is not empty is wanted");
        return new()
        {
            Id = from["id"].Text ?? throw new FormatException($"{where}: an \"id\" is wanted"),
            Agent = from["agent"].Text ?? "",
            Human = from["human"].Text ?? "",
            TaskId = from["task_id"] is { IsNull: false } task ? task.Text ?? task.ToString() : throw new FormatException($"{where}: a \"task_id\" is wanted"),
            Instruction = from["instruction"].Text ?? "",
            Reward = from["reward"].Number ?? 0,
            Messages = [.. messages.Items.Select((m, i) => Message(m, $"{where}.messages[{i}]"))],
        };
    }

    private static Message Message(Json from, string where) => new()
    {
        Role = from["role"].Text switch
        {
            "user" => MessageRole.User,
            "assistant" => MessageRole.Assistant,
            "tool" => MessageRole.Tool,
            var role => throw new FormatException($"{where}: the role {role} is none of user, assistant, tool"),
        },
        // Some agents write an empty text beside a call; that is no text.
        Content = from["content"].Text is { Length: > 0 } text || from["tool_calls"].Items.Count == 0 ? from["content"].Text ?? "" : null,
        ToolCalls = [.. from["tool_calls"].Items.Select(c => Call(c, where))],
        ToolCallId = from["tool_call_id"].Text,
        Name = from["name"].Text,
    };

    private static ToolCall Call(Json from, string where) => new(
        from["id"].Text ?? throw new FormatException($"{where}: a tool call without \"id\""),
        from["function"]["name"].Text ?? throw new FormatException($"{where}: a tool call without \"function.name\""),
        from["function"]["arguments"].Text ?? throw new FormatException($"{where}: \"function.arguments\" is a text"));
}
