using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// Collects the turns of both roles. The agent's pending text waits for its next message, since calls may come between.
/// </summary>
internal sealed class ScriptTurns(Pack pack, HumanVoice human, AgentVoice agent, SeededRandom random)
{
    private readonly List<ModelResponse> _human = new(8);
    private readonly List<ModelResponse> _agent = new(16);
    private readonly bool _callsAlone = pack.Rules.Any(r => r.Rule == "alone");
    private string _pending = "";
    private int _calls;
    private bool _acknowledged;
    private bool _looked;
    private string? _textLabel;
    private string? _writeLabel;

    /// <summary>Whether the transfer tool was called, after which neither role speaks.</summary>
    public bool HandedOver { get; private set; }

    /// <summary>Whether the human has ended the dialogue.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Whether the dialogue is over for both roles.</summary>
    public bool Over => HandedOver || Stopped;

    public void Human(string text, string? label = null) => _human.Add(Script.Text(human.Typed(text), label));

    /// <summary>The human's last message.</summary>
    public void HumanStops(string bye, string? label = null)
    {
        _human.Add(Script.Text($"{human.Typed(bye)} {StopMarks.Stop}", label));
        Stopped = true;
    }

    /// <summary>The agent's empty turn.</summary>
    public void AgentSilent(string label) => _agent.Add(Script.Text("", label));

    /// <summary>Queues text for the beginning of the agent's next message.</summary>
    public void Later(string text) => _pending = _pending.Length == 0 ? text : $"{_pending} {text}";

    /// <summary>The agent speaks: the queued text, then this.</summary>
    /// <param name="acknowledges">
    /// Whether the message may first react to the last step: by agreeing to help, or by saying that the record was found.
    /// </param>
    public void Agent(string text, bool acknowledges = false)
    {
        var lead = "";
        if (acknowledges && _pending.Length == 0)
        {
            if (_looked)
                lead = random.Chance(0.6) ? agent.Line(AgentLines.Found) : "";
            else if (!_acknowledged)
                lead = random.Chance(0.8) ? agent.Line(AgentLines.Ack) : "";
        }

        _acknowledged = true;
        _looked = false;
        var said = _pending.Length == 0 ? lead : _pending;
        said =
            said.Length == 0 ? text
            : text.Length == 0 ? said
            : $"{said} {text}";
        _pending = "";
        _agent.Add(Script.Text(said, _textLabel));
        _textLabel = null;
    }

    public void Call(GoldAction action)
    {
        if (pack.Tools.Find(action.Tool)?.Kind == ToolKind.Transfer)
            HandOver();
        var label = action.Writes ? _writeLabel : null;
        if (action.Writes)
            _writeLabel = null;
        Add(action.Tool, action.Arguments.ToString(), label, action.Writes);
    }

    public void Call(PlannedCall call, string? label) => Add(call.Tool, call.Arguments, label, writes: true);

    /// <summary>Hands over by a call that the task does not have; neither role speaks after it.</summary>
    public void HandOver(PlannedCall call, string label)
    {
        HandOver();
        Call(call, label);
    }

    public void LabelNextText(string kind) => _textLabel = kind;

    public void LabelNextWrite(string kind) => _writeLabel = kind;

    /// <summary>Whether queued text of the agent waits.</summary>
    public bool Waits => _pending.Length > 0;

    public Script Finish() => new(_human, _agent);

    /// <summary>Several reads in one message.</summary>
    public void CallTogether(IReadOnlyList<GoldAction> actions, string? label)
    {
        _agent.Add(Script.Call(null, [.. actions.Select(a => new ToolCall(NextId(), a.Tool, a.Arguments.ToString()))], label));
        _looked = true;
    }

    private void Add(string tool, string arguments, string? label, bool writes)
    {
        var id = NextId();
        var text =
            !_callsAlone && !writes && !_looked && _pending.Length == 0 && random.Chance(0.5) ? agent.Line(AgentLines.Looking) : null;
        _agent.Add(Script.Call(text, [new(id, tool, arguments)], label));
        _looked = !writes;
    }

    // Nine letters and digits: the form of ids that every provider's template accepts.
    private string NextId() =>
        string.Create(
            9,
            ++_calls,
            static (span, number) =>
            {
                "call00000".CopyTo(span);
                for (var at = 8; number > 0 && at >= 4; at--, number /= 10)
                    span[at] = (char)('0' + (number % 10));
            }
        );

    // The call ends the dialogue, so the queued text comes first.
    private void HandOver()
    {
        if (_pending.Length > 0)
        {
            Agent(agent.Line(AgentLines.HandOver));
            Human(human.Line(HumanReplies.Agree));
        }

        HandedOver = true;
    }
}
