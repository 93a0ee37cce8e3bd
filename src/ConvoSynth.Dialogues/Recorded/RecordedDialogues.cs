using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Recorded;

/// <summary>A dialogue that real models played elsewhere.</summary>
public sealed record RecordedDialogue
{
    public required string Id { get; init; }

    /// <summary>The model that played the agent; <see cref="Human"/> names the other party's.</summary>
    public required string Agent { get; init; }

    public required string Human { get; init; }

    /// <summary>The dialogue's task: <see cref="CheckedTask.Id"/>.</summary>
    public required string TaskId { get; init; }

    /// <summary>The simulated human's instruction; its wording may differ from the task's.</summary>
    public required string Instruction { get; init; }

    /// <summary>The reward that the source benchmark recorded.</summary>
    public required double Reward { get; init; }

    public required ImmutableArray<Message> Messages { get; init; }

    /// <summary>
    /// The dialogue in the form that the verifier takes, with the tools of the pack and the policy of the recorded agent.
    /// </summary>
    /// <param name="system">The system prompt of the recorded agent.</param>
    public Conversation AsConversation(Pack pack, string system) =>
        new()
        {
            System = system,
            Tools = [.. pack.Tools.All.Select(t => t.Definition)],
            Messages = Messages,
            Meta = [.. Messages.Select(m => new MessageMeta { Train = m.Role == MessageRole.Assistant, Model = ModelOf(m.Role) })],
            End = End(pack),
        };

    private string? ModelOf(MessageRole role) =>
        role switch
        {
            MessageRole.Assistant => Agent,
            MessageRole.User => Human,
            _ => null,
        };

    private DialogueEnd End(Pack pack)
    {
        var last = Messages[^1];
        if (last.Role == MessageRole.User && last.Content?.Contains(StopMarks.Stop, StringComparison.Ordinal) == true)
            return DialogueEnd.HumanStop;
        return last is { Role: MessageRole.Tool, Name: { } tool } && pack.Tools.Find(tool) is { Kind: ToolKind.Transfer }
            ? DialogueEnd.Transfer
            : DialogueEnd.RecordEnd;
    }
}

/// <summary>
/// A file of recorded dialogues: <c>{ system, dialogues: [ { id, agent, human, task_id, instruction, reward, messages } ] }</c>, with
/// messages in the OpenAI chat format. It may also be a file of results as tau-bench writes it: <c>[ { task_id, trial, reward, info: {
/// task }, traj } ]</c>, or as tau2-bench writes it: <c>{ info, tasks, simulations: [ { task_id, trial, messages, reward_info } ] }</c>.
/// </summary>
/// <param name="System">The system prompt of all agents; empty if it is unknown or differs between dialogues.</param>
public sealed record RecordedDialogues(string System, ImmutableArray<RecordedDialogue> Dialogues)
{
    /// <summary>Ids of results without a dialogue, each with its error if the file has one.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>Parses the content of such a file.</summary>
    /// <param name="file">The file's name, for error messages.</param>
    /// <param name="content">The bytes of the file.</param>
    /// <exception cref="FormatException">The content has another format; the message names file and dialogue.</exception>
    public static RecordedDialogues Read(string file, ReadOnlySpan<byte> content)
    {
        var root = ForeignJson.Read(file, content);
        if ((root is JsonMap ? root["results"] : root) is JsonList results)
            return Results(results, file);
        if (root["simulations"] is JsonList simulations)
            return SimulationRuns.Read(root, simulations, file);
        if (root["dialogues"] is not JsonList dialogues)
            throw new FormatException(
                $"{file}: a list \"dialogues\" is wanted, or a list of results, each with \"traj\", or a list \"simulations\""
            );
        return new(root["system"].Text ?? "", [.. dialogues.Items.Select((d, i) => Dialogue(d, $"{file}: dialogues[{i}]"))]);
    }

    private static RecordedDialogues Results(JsonList results, string file)
    {
        var dialogues = ImmutableArray.CreateBuilder<RecordedDialogue>(results.Items.Count);
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var systems = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < results.Items.Count; i++)
        {
            var (result, where) = (results.Items[i], $"{file}: result {i}");
            if (result is JsonMap held ? !held.Contains("traj") || held["traj"] is not (JsonList or JsonNull) : !result.IsNull)
                throw new FormatException($"{where}: a list \"traj\" is wanted");
            var trajectory = result["traj"] as JsonList ?? JsonList.Empty;
            var id =
                $"task-{result["task_id"].ToCanonicalString().Trim('"')}-trial-"
                + $"{(result["trial"].Number ?? 0).ToString(CultureInfo.InvariantCulture)}";
            if (RecordedMessages.Spoken(trajectory, $"{where}.traj") is not { IsEmpty: false } messages)
            {
                leftOut.Add($"{id}{(result["info"]["error"].Text is { } error ? $" ({error})" : "")}");
                continue;
            }

            systems.Add(RecordedMessages.SystemOf(trajectory));
            var task = result["info"]["task"];
            dialogues.Add(
                new()
                {
                    Id = ids.Add(id) ? id : $"{id}-result-{i}",
                    Agent = result["info"]["agent_model"].Text ?? "",
                    Human = result["info"]["user_model"].Text ?? "",
                    TaskId = TaskIdOf(result, where),
                    Instruction = task["instruction"].Text ?? "",
                    Reward = result["reward"].Number ?? 0,
                    Messages = messages,
                }
            );
        }

        return new(systems.Count == 1 ? systems.Single() : "", dialogues.ToImmutable()) { LeftOut = leftOut.ToImmutable() };
    }

    private static RecordedDialogue Dialogue(Json from, string where)
    {
        if (from["messages"] is not JsonList { Items.Count: > 0 } messages)
            throw new FormatException($"{where}: a list \"messages\" that is not empty is wanted");
        return new()
        {
            Id = from["id"].Text ?? throw new FormatException($"{where}: an \"id\" is wanted"),
            Agent = from["agent"].Text ?? "",
            Human = from["human"].Text ?? "",
            TaskId = TaskIdOf(from, where),
            Instruction = from["instruction"].Text ?? "",
            Reward = from["reward"].Number ?? 0,
            Messages = RecordedMessages.Spoken(messages, $"{where}.messages"),
        };
    }

    internal static string TaskIdOf(Json from, string where) =>
        from["task_id"] is { IsNull: false } task
            ? task.Text ?? task.ToCanonicalString()
            : throw new FormatException($"{where}: a \"task_id\" is wanted");
}
