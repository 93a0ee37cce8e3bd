using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Rehearsal;

/// <summary>Collects the turns of both roles. What the agent has to say waits until it speaks next, since calls may come between.</summary>
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

    /// <summary>Whether the transfer tool was called: nobody speaks after that.</summary>
    public bool HandedOver { get; private set; }

    /// <summary>Whether the human has said that this is the end.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Whether nobody speaks any more.</summary>
    public bool Over => HandedOver || Stopped;

    public void Human(string text, string? label = null) => _human.Add(Script.Text(human.Typed(text), label));

    /// <summary>The human's last words.</summary>
    public void HumanStops(string bye, string? label = null)
    {
        _human.Add(Script.Text($"{human.Typed(bye)} {Script.Stop}", label));
        Stopped = true;
    }

    /// <summary>The agent has its turn and uses it for nothing.</summary>
    public void AgentSilent(string label) => _agent.Add(Script.Text("", label));

    /// <summary>What the agent will say before anything else when it speaks next.</summary>
    public void Later(string text) => _pending = _pending.Length == 0 ? text : $"{_pending} {text}";

    /// <summary>The agent speaks: what waited, then this.</summary>
    /// <param name="acknowledges">Whether a word on what went before would be in place: that it will help, or has found the record.</param>
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

    public void LabelNextText(string kind) => _textLabel = kind;

    public void LabelNextWrite(string kind) => _writeLabel = kind;

    /// <summary>Whether the agent has something to say that it has not said yet.</summary>
    public bool Waits => _pending.Length > 0;

    public Script Finish() => new(_human, _agent);

    private void Add(string tool, string arguments, string? label, bool writes)
    {
        // Nine letters and digits: the form of ids that every provider's template takes.
        var id = string.Create(
            9,
            ++_calls,
            static (span, number) =>
            {
                "call00000".CopyTo(span);
                for (var at = 8; number > 0 && at >= 4; at--, number /= 10)
                    span[at] = (char)('0' + (number % 10));
            }
        );
        var text =
            !_callsAlone && !writes && !_looked && _pending.Length == 0 && random.Chance(0.5) ? agent.Line(AgentLines.Looking) : null;
        _agent.Add(Script.Call(text, new(id, tool, arguments), label));
        _looked = !writes;
    }

    // The call ends the dialogue, so what is still to be said comes first.
    private void HandOver()
    {
        if (_pending.Length > 0)
        {
            Agent(agent.Line(AgentLines.HandOver));
            Human(human.Line(HumanLines.Agree));
        }

        HandedOver = true;
    }
}
