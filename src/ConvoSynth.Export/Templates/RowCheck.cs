using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

/// <summary>Damage that a row has before it is rendered: masks, arguments that Arrow filled in, and tokens inside words.</summary>
internal static partial class RowCheck
{
    private static readonly string[] Masks = ["weight", "train", "loss"];
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function", "ipython"];

    public static IEnumerable<Damage> Of(TrainingRow row) =>
        [.. UnknownRoles(row), .. Order(row), .. MasksOf(row), .. Tools(row), .. Arguments(row)];

    private static IEnumerable<Damage> UnknownRoles(TrainingRow row) =>
        row
            .Messages.OfType<JsonObject>()
            .Select((m, i) => (Role: (m["role"] as JsonValue)?.ToString() ?? "", Place: i))
            .Where(m => !Roles.Contains(m.Role))
            .Select(m => new Damage(DamageKinds.RoleUnknown, $"messages[{m.Place}].role", $"the role is \"{m.Role}\""));

    private static IEnumerable<Damage> Order(TrainingRow row)
    {
        var open = new List<RecordedCall>();
        foreach (var turn in row.Turns)
        {
            if (turn.Kind == TurnKind.Observation)
            {
                if (open.Count == 0)
                    yield return new(DamageKinds.NoCall, turn.Place, "no call is open");
                else
                    open.RemoveAt(0);
                continue;
            }

            // ms-swift and ShareGPT write parallel calls one after another.
            if (turn.Calls.Count == 0)
            {
                foreach (var call in open)
                    yield return new(DamageKinds.ObservationLost, call.Place, $"the call of {call.Name} has no observation");
                open.Clear();
            }

            open.AddRange(turn.Calls);
        }
    }

    private static IEnumerable<Damage> MasksOf(TrainingRow row)
    {
        foreach (var turn in row.Turns)
        {
            if (turn.Kind != TurnKind.Agent && Mask(turn) == true)
                yield return new(DamageKinds.MaskElsewhere, turn.Place, $"a message with the role {turn.Role} is to be learned");
        }

        var answers = row.Turns.Where(t => t.Kind == TurnKind.Agent).ToArray();
        if (answers.Length > 0 && answers.All(a => Mask(a) == false))
            yield return new(DamageKinds.MaskElsewhere, answers[^1].Place, "no answer is to be learned");
        for (var i = 0; i < answers.Length; i++)
        {
            if (Mask(answers[i]) != false || Failed(row, answers[i]))
                continue;
            if (new[] { i - 1, i + 1 }.Any(n => n >= 0 && n < answers.Length && Mask(answers[n]) == true && Failed(row, answers[n])))
                yield return new(
                    DamageKinds.MaskElsewhere,
                    answers[i].Place,
                    "the mask is on an answer that holds, and the answer beside it failed"
                );
        }
    }

    private static IEnumerable<Damage> Tools(TrainingRow row) =>
        row
            .Turns.SelectMany(t => t.Calls)
            .DistinctBy(c => c.Name, StringComparer.Ordinal)
            .Where(c => row.Offered.All(t => t.Name != c.Name))
            .Select(c => new Damage(DamageKinds.ToolUnknown, c.Place, $"the tool {c.Name} is called and not on offer"));

    private static IEnumerable<Damage> Arguments(TrainingRow row)
    {
        var schemas = row.Offered.DistinctBy(t => t.Name).ToDictionary(t => t.Name, t => t.Parameters, StringComparer.Ordinal);
        foreach (var call in row.Turns.SelectMany(t => t.Calls))
        {
            if (!schemas.TryGetValue(call.Name, out var parameters))
                continue;
            foreach (var (name, _) in (CallSearch.Meant(call.Arguments) ?? []).Where(a => a.Value is null && !parameters.Contains(a.Key)))
                yield return new(DamageKinds.ArgumentUnknown, call.Place, $"{call.Name} has no parameter {name}");
        }
    }

    /// <summary>Words that hold a token of the template, which would end a turn.</summary>
    public static IEnumerable<Damage> Tokens(TrainingRow row, IReadOnlyList<string> tokens)
    {
        foreach (var turn in row.Turns)
        {
            if (turn.Text is { } words && tokens.FirstOrDefault(t => words.Contains(t, StringComparison.Ordinal)) is { } token)
                yield return new(DamageKinds.SpecialToken, turn.TextPlace, $"the message contains {token}");
        }
    }

    /// <summary>The tokens with which a template marks turns.</summary>
    public static IReadOnlyList<string> TokensOf(TemplateFile template) =>
        [.. Token().Matches(template.Source).Select(m => m.Value).Distinct(StringComparer.Ordinal)];

    private static bool? Mask(RecordedTurn turn)
    {
        foreach (var name in Masks)
        {
            if (turn.Message[name] is JsonValue value)
                return value.TryGetValue(out bool learned) ? learned
                    : value.TryGetValue(out int weight) ? weight != 0
                    : null;
        }

        return null;
    }

    // The observations right after the answer's calls tell an error.
    private static bool Failed(TrainingRow row, RecordedTurn answer)
    {
        if (answer.Calls.Count == 0)
            return false;
        return row
            .Turns.SkipWhile(t => t != answer)
            .Skip(1)
            .TakeWhile(t => t.Kind == TurnKind.Observation)
            .Any(o => o.Text?.StartsWith("Error", StringComparison.Ordinal) == true);
    }

    [GeneratedRegex(
        @"<[|｜][^|｜<>\s'""{}]+[|｜]>|\[/?INST\]|\[TOOL_CALLS\]|\[/?TOOL_RESULTS\]|</?start_of_turn>|<end_of_turn>|</?tool_(?:call|response)>"
    )]
    private static partial Regex Token();
}
