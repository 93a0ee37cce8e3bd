using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Episodes;

/// <summary>
/// One dialogue about one task, in an environment of its own that costs what it changes. The agent is a client: it calls tools and talks
/// to the human. Not safe for concurrent use.
/// </summary>
internal sealed class Episode
{
    private const string AgentModel = "policy";

    private readonly ServedEnvironment _environment;
    private readonly Blueprint _blueprint;
    private readonly DialogueSession _session;
    private readonly RoleView _human;
    private int _misspoken;

    private Episode(ServedEnvironment environment, ServedTask task, Blueprint blueprint, RoleView human)
    {
        (_environment, Task, _blueprint, _human) = (environment, task, blueprint, human);
        _session = environment.Setup.SessionOf(blueprint);
    }

    public ServedTask Task { get; }

    /// <summary>The agent's system prompt: the policy of the task's pack.</summary>
    public string System => _environment.Setup.SystemOf(_blueprint);

    /// <summary>The tools on offer, the human's among them if it is one.</summary>
    public IReadOnlyList<ToolDefinition> Tools => _environment.ToolsOf(Task);

    /// <summary>What the human says first.</summary>
    public string Opening => _session.Messages.Count == 0 ? "" : DialogueSession.WithoutMark(_session.Messages[0].Content ?? "");

    /// <summary>The moves of the agent so far.</summary>
    public int Steps { get; private set; }

    /// <summary>What the episode earned; null until it ends.</summary>
    public EpisodeReward? Reward { get; private set; }

    public bool IsDone => Reward is not null;

    /// <summary>Begins an episode: the human speaks first.</summary>
    /// <param name="opening">The human's first words if they are fixed; null lets the human find them.</param>
    public static async ValueTask<Episode> Begin(
        ServedEnvironment environment,
        ServedTask task,
        string? opening,
        CancellationToken cancellationToken
    )
    {
        var (setup, blueprint) = (environment.Setup, task.Blueprint());
        if (opening is not null)
            setup = setup with { Human = new GivenOpening(setup.Human, opening) };
        var human = setup.View(setup.OpeningOf(task.Index, 0, ModelRole.Human, blueprint));
        var episode = new Episode(environment, task, blueprint, human);
        await episode.HumanTurn(cancellationToken);
        return episode;
    }

    /// <summary>The agent calls a tool.</summary>
    /// <param name="arguments">The JSON text that the agent wrote.</param>
    /// <returns>The observation. It is the text of an error if the call failed.</returns>
    public Move Call(string tool, string arguments)
    {
        Require();
        Steps++;
        var made = _session.Messages.Count;
        _session.AgentSaid(
            new()
            {
                Message = Message.Calls(new ToolCall(string.Create(CultureInfo.InvariantCulture, $"call-{Steps}"), tool, arguments)),
                Model = AgentModel,
                Finish = FinishReason.ToolCalls,
            }
        );
        Settle();
        var text = _session.Messages[made + 1].Content ?? "";
        return new(text, Move.FaultOf(Task, tool, text));
    }

    /// <summary>The agent says something, and the human answers unless the dialogue has ended.</summary>
    public async ValueTask<Move> Say(string text, CancellationToken cancellationToken)
    {
        Require();
        Steps++;
        _session.AgentSaid(new() { Message = Message.Assistant(text), Model = AgentModel });
        Settle();
        if (IsDone)
            return new("", null);
        _human.Heard(_session.ForHuman());
        return new(await HumanTurn(cancellationToken), null);
    }

    /// <summary>The agent's move in the form of a call: <see cref="ReplyTool"/> talks to the human.</summary>
    public ValueTask<Move> Act(string tool, string arguments, CancellationToken cancellationToken)
    {
        if (tool != ReplyTool.Name || !_environment.ReplyIsTool)
            return new(Call(tool, arguments));
        return Json.TryParse(arguments, out var parsed, out _) && parsed is JsonMap { Count: 1 } map && map[ReplyTool.Text].Text is { } text
            ? Say(text, cancellationToken)
            : new(Misspoken());
    }

    // A mistake in calling the human is answered, and is no turn of the dialogue, which has no such tool. So many of them end it.
    private Move Misspoken()
    {
        Require();
        Steps++;
        if (++_misspoken == _environment.Setup.Limits.CallsInARow)
            Judge();
        return new($"Error: invalid arguments: {ReplyTool.Name} takes one text, \"{ReplyTool.Text}\"", MoveFault.Arguments);
    }

    /// <summary>The agent leaves: an episode that is not done ends here, as if it ran out of steps.</summary>
    /// <param name="last">The agent's last words, which get no answer; null for none.</param>
    public EpisodeReward Leave(string? last)
    {
        if (Reward is { } earned)
            return earned;
        if (last is not null)
            _session.AgentSaid(new() { Message = Message.Assistant(last), Model = AgentModel });
        return Judge();
    }

    public Conversation Conversation => _session.Finish();

    // Returns what the agent reads of the human's words.
    private async ValueTask<string> HumanTurn(CancellationToken cancellationToken)
    {
        try
        {
            _session.HumanSaid(await _human.Speak(cancellationToken));
        }
        catch (EndOfRecordException)
        {
            _session.RecordEnded();
            Settle();
            return "";
        }
        catch (HumanLostException e)
        {
            Reward = EpisodeReward.None($"endpoint: {e.Message}");
            return "";
        }

        Settle();
        return DialogueSession.WithoutMark(_session.Messages[^1].Content ?? "");
    }

    private void Settle()
    {
        // A record may end with a human's message, which belongs to the dialogue.
        if (_environment.Human == HumanKind.Recorded && Steps >= Task.RecordedMoves && _session.Next == NextTurn.Agent)
            _session.RecordEnded();
        if (_session.Next == NextTurn.Done)
            Judge();
    }

    private EpisodeReward Judge()
    {
        var trajectory = DialogueRunner.TrajectoryOf(_environment.Setup, Task.Index, 0, _blueprint, _session.Finish());
        return Reward = EpisodeReward.Of(_environment.Reward, trajectory);
    }

    private void Require()
    {
        if (IsDone)
            throw new EpisodeOverException();
    }
}
