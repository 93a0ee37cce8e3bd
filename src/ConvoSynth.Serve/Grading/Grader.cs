using System.Globalization;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Grading;

/// <summary>How the rollouts of a file were graded.</summary>
/// <param name="Told">Rollouts of which the file tells a reward.</param>
/// <param name="Differ">Of these, those whose reward is another here.</param>
public sealed record GradeSummary(long Rollouts, long Solved, long Failed, long Excluded, long Told, long Differ);

/// <summary>
/// Grades finished rollouts: every call is executed again in the task's own environment, and the checks decide as they do for live
/// episodes.
/// </summary>
public sealed class Grader : IDisposable
{
    private readonly ServedEnvironment _environment;

    private Grader(ServedEnvironment environment) => _environment = environment;

    /// <exception cref="ServeException">The options do not go together, or there is no task.</exception>
    /// <exception cref="Runs.RunException">There is no such run or pack.</exception>
    public static async Task<Grader> Load(EnvironmentOptions options, RewardRule reward, CancellationToken cancellationToken) =>
        new(await ServedEnvironment.Load(options, reward, TimeProvider.System, cancellationToken));

    /// <summary>Grades a file of JSON lines, and writes one line for each rollout.</summary>
    /// <param name="into">Gets <c>{line, task_id, reward, excluded, components, failed}</c> a rollout.</param>
    /// <exception cref="ServeException">A line is no rollout, or of an unknown task; the sentence names it.</exception>
    public async Task<GradeSummary> Grade(string path, TextWriter into, CancellationToken cancellationToken)
    {
        var summary = new GradeSummary(0, 0, 0, 0, 0, 0);
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (task, rollout, reward) = Grade(path, number, line);
            summary = summary with
            {
                Rollouts = summary.Rollouts + 1,
                Solved = summary.Solved + (reward.Value == 1 ? 1 : 0),
                Failed = summary.Failed + (reward.Value == 0 ? 1 : 0),
                Excluded = summary.Excluded + (reward.Value is null ? 1 : 0),
                Told = summary.Told + (rollout.Reward is null ? 0 : 1),
                Differ = summary.Differ + (rollout.Reward is { } told && reward.Value is { } own && !told.Equals(own) ? 1 : 0),
            };
            using var frame = Frame.Of(json => Write(json, number, task, reward));
            await into.WriteLineAsync(Encoding.UTF8.GetString(frame.Bytes.Span).AsMemory(), cancellationToken);
        }

        return summary.Rollouts > 0 ? summary : throw new ServeException($"{path} holds no rollout");
    }

    public void Dispose() => _environment.Dispose();

    private (ServedTask, Rollout, EpisodeReward) Grade(string path, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var rollout = RolloutFile.Read(document.RootElement);
            var task = TaskOf(rollout.Task) ?? throw new MessageException("value_error", "task_id", $"there is no task {rollout.Task}");
            return (task, rollout, RewardOf(task, rollout));
        }
        catch (JsonException e)
        {
            throw new ServeException($"{path}, line {number}: no JSON: {e.Message}");
        }
        catch (MessageException e)
        {
            throw new ServeException($"{path}, line {number}: {string.Join('.', e.Place)}: {e.Message}");
        }
    }

    private ServedTask? TaskOf(string name) =>
        _environment.Tasks.Find(name)
        ?? (
            int.TryParse(name, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < _environment.Tasks.All.Count
                ? _environment.Tasks.All[index]
                : null
        );

    private EpisodeReward RewardOf(ServedTask task, Rollout rollout)
    {
        var (setup, blueprint) = (_environment.Setup, task.Blueprint());
        var pack = setup.PackOf(blueprint);
        var conversation = new Conversation
        {
            System = setup.SystemOf(blueprint),
            Tools = pack.ToolsFor(blueprint),
            Messages = rollout.Messages(),
            Meta = [],
            End = DialogueEnd.Limit,
        };
        if (conversation.Messages.IsEmpty)
            throw new MessageException("value_error", "messages", "there is no message of the human or the agent");
        var isHandedOver = Trace.Run(pack, blueprint, conversation).Calls.Any(c => c.Succeeded && c.Tool is { Kind: ToolKind.Transfer });
        var (messages, end) = rollout.Ended(conversation.Messages, isHandedOver);
        conversation = conversation with { Messages = messages, End = end, Meta = [.. messages.Select(_ => new MessageMeta())] };
        return EpisodeReward.Of(_environment.Reward, DialogueRunner.TrajectoryOf(setup, task.Index, 0, blueprint, conversation));
    }

    private static void Write(Utf8JsonWriter json, int line, ServedTask task, EpisodeReward reward)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, line);
        json.WriteString("task_id"u8, task.Id);
        EpisodeJson.WriteNumber(json, "reward"u8, reward.Value);
        EpisodeJson.WriteReward(json, reward);
        json.WriteEndObject();
    }
}
