using System.Text.Json.Nodes;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Serve.Audits;

/// <summary>
/// Executes the calls of one record in order, on an environment of its own, and compares. An observation answers the call that it names,
/// or the first open call if it names none.
/// </summary>
internal sealed class RecordAudit
{
    private readonly Pack _pack;
    private readonly RecordForm _form;
    private readonly IReadOnlyList<RecordedTurn> _turns;
    private readonly ExecutedCalls _executed;
    private readonly List<RecordFinding> _findings = [];
    private readonly List<(RecordedCall Call, TraceCall Executed)> _open = [];

    private RecordAudit(Pack pack, Blueprint task, RecordForm form, IReadOnlyList<RecordedTurn> turns) =>
        (_pack, _form, _turns, _executed) = (pack, form, turns, new(pack, task));

    /// <summary>What does not hold, and how many calls were executed.</summary>
    public static (IReadOnlyList<RecordFinding> Findings, int Calls) Of(Pack pack, Blueprint task, RecordForm form, JsonNode? record)
    {
        IReadOnlyList<RecordedTurn> turns;
        try
        {
            turns = TurnReading.Of(record, form);
        }
        catch (FormatException e)
        {
            return ([new(AuditKinds.NoDialogue, "", e.Message)], 0);
        }

        var audit = new RecordAudit(pack, task, form, turns);
        if (task.Twist?.LateTool is not null)
            audit._executed.LateFrom = LateFrom(record);
        audit.Run();
        return (audit._findings, audit._executed.Calls.Count);
    }

    // Where a row's list of tools grows: before that message, a call of the late tool is unknown.
    private static int? LateFrom(JsonNode? record)
    {
        var timeline = record?["tools_timeline"];
        if (timeline is JsonValue text && text.TryGetValue(out string? written))
            timeline = JsonNode.Parse(written);
        return timeline is JsonArray { Count: > 1 } entries ? (int)entries[1]!["message"]! - 1 : null;
    }

    private void Run()
    {
        if (_turns.All(t => t.Kind is TurnKind.System or TurnKind.Unknown))
            Add(AuditKinds.NoDialogue, "", "no message of a human or an agent is there");
        for (var i = 0; i < _turns.Count; i++)
        {
            var turn = _turns[i];
            if (turn.Kind == TurnKind.Observation)
            {
                Observe(i, turn);
                continue;
            }

            if (turn.Kind == TurnKind.Unknown)
                Add(AuditKinds.NoDialogue, turn.Place, $"the role \"{turn.Role}\" is unknown");
            // Formats that hold one call a message write parallel calls one after another.
            if (turn.Calls.Count == 0)
                Close();
            for (var c = 0; c < turn.Calls.Count; c++)
                Call(i, turn.Calls[c]);
        }
    }

    private void Call(int place, RecordedCall call)
    {
        var read = ArgumentReading.Of(call, _form.Arguments);
        // Where the record shows an error, its own environment refused the arguments as they stand.
        var refused =
            read.Fault?.Kind == AuditKinds.DoubleEncoded && AnswerOf(place, call) is { } answer && ObservationMatch.IsError(answer);
        var text = refused && call.Arguments is JsonValue value && value.TryGetValue(out string? own) ? own : read.Text;
        var executed = _executed.Execute(new(call.Id ?? "", call.Name, text), place, -1);
        if (read.Fault is var (kind, what))
            Add(
                kind,
                call.Place,
                what,
                read.Decoded is { } decoded && !refused ? () => call.Replace(ArgumentReading.Written(decoded, _form.Arguments)) : null
            );
        if (executed.Tool is null)
            Add(AuditKinds.UnknownTool, call.Place, $"there is no tool {call.Name} in {_pack.Name}");
        else if (executed.Arguments is JsonMap map && SchemaCheck.Fault(executed.Tool.Definition.Parameters, map) is { } fault)
            Add(AuditKinds.AgainstSchema, call.Place, $"{call.Name}: {fault}");
        if (executed.Wrote)
        {
            foreach (var guard in executed.Broken)
                Add(
                    AuditKinds.WriteAgainstGuard,
                    call.Place,
                    $"{call.Name} was done although clause {guard.Clause} forbids it: "
                        + (_pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name)
                );
        }

        _open.Add((call, executed));
    }

    private string? AnswerOf(int place, RecordedCall call) =>
        _turns
            .Skip(place + 1)
            .TakeWhile(t => t.Kind == TurnKind.Observation)
            .FirstOrDefault(t => t.Answers is null || t.Answers == call.Id)
            ?.Text;

    private void Observe(int place, RecordedTurn turn)
    {
        var at = _open.FindIndex(o => turn.Answers is null || o.Call.Id is null || o.Call.Id == turn.Answers);
        if (at < 0)
        {
            var isDouble =
                place > 0 && _turns[place - 1] is { Kind: TurnKind.Observation } before && before.Text == turn.Text && _open.Count == 0;
            Add(
                AuditKinds.ResultWithoutCall,
                turn.Place,
                turn.Answers is { } id ? $"no open call has the id {id}" : "no call is open",
                isDouble ? turn.Remove : null
            );
            return;
        }

        var executed = _open[at].Executed;
        _open.RemoveAt(at);
        if (ObservationMatch.Difference(executed, turn.Text ?? "") is var (kind, what))
            Add(
                kind,
                turn.TextPlace,
                $"{executed.Call.Name}: {what}",
                kind == AuditKinds.ObservationDiffers && !UsesLater(place, executed, turn.Text ?? "")
                    ? () => turn.Replace(executed.Result.Text)
                    : null
            );
    }

    // A dialogue may end with calls to learn from; what follows a call without its result is made up.
    private void Close()
    {
        foreach (var (call, _) in _open)
            Add(AuditKinds.CallWithoutResult, call.Place, $"the call of {call.Name} has no observation");
        _open.Clear();
    }

    // The agent answered the recorded observation: if what was wrong in it comes up again, another observation does not fit the rest.
    private bool UsesLater(int place, TraceCall executed, string recorded)
    {
        var cells = ObservationMatch.Cells(executed, recorded);
        if (cells.Count == 0)
            return true;
        string[] wrong =
        [
            .. cells
                .SelectMany(c => c.Recorded?.Leaves() ?? [])
                .Where(v => v is not JsonBoolean)
                .Select(v => v.Text ?? v.ToString())
                .Where(w => w.Length > 0 && !executed.Result.Text.Contains(w, StringComparison.OrdinalIgnoreCase)),
        ];
        return _turns
            .Skip(place + 1)
            .Where(t => t.Kind == TurnKind.Agent)
            .SelectMany(t => t.Calls.Select(c => c.Arguments?.ToJsonString() ?? "").Append(t.Text ?? ""))
            .Any(said => wrong.Any(w => said.Contains(w, StringComparison.OrdinalIgnoreCase)));
    }

    private void Add(string kind, string field, string what, Action? repair = null) => _findings.Add(new(kind, field, what, repair));
}
