using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Decides whether an amount in the agent's text has a source. It occurs in an observation, the human's words or the policy, or follows
/// from such amounts by a sum, a difference or a multiple. The search is deliberately generous: an amount that it cannot explain is
/// invented.
/// </summary>
internal sealed class KnownAmounts
{
    /// <summary>Maximum number of parts whose sums are tried in all combinations.</summary>
    private const int MaxParts = 12;

    private const int LargestCount = 12;

    /// <summary>Maximum number of rows of a list that is summed; longer lists are catalogues.</summary>
    private const int MaxRows = 7;

    /// <summary>Maximum number of numbers from the person's rows that are tried in pairs.</summary>
    private const int MaxRead = 40;

    /// <summary>Maximum number of amounts in the same message that are tried with either sign; each triples the search.</summary>
    private const int MaxSigned = 8;

    private readonly List<double> _numbers = [];
    private readonly List<double> _sums = [];
    private readonly List<double> _moved = [];
    private readonly List<double> _rows = [];
    private readonly List<double> _told = [];
    private readonly List<double> _said = [];

    // Used only if an amount occurs nowhere literally.
    private readonly List<Json> _observed = [];
    private HashSet<long>? _cents;

    private KnownAmounts() { }

    /// <param name="before">Index of the message with the amount.</param>
    public static KnownAmounts Before(Trace trace, int before)
    {
        var known = new KnownAmounts();
        var messages = trace.Conversation.Messages;
        var meaning = PackMeaning.Of(trace.Pack);
        foreach (var call in trace.Calls)
        {
            // A proposal states the sum of a later write, so all writes count.
            if (call.Tool is { Writes: true } && call.Arguments is JsonMap arguments)
                known.AddRowSums(trace, meaning, call.Tool, arguments);
            if (call.Message >= before || !call.Succeeded)
                continue;
            JsonSearch.Numbers(call.Result.Value, known._numbers, int.MaxValue);
            known._observed.Add(call.Result.Value);
            // A tool that was given a minus computed a difference.
            if (call.Result.Value is JsonNumber computed && call.Call.Arguments.Contains('-', StringComparison.Ordinal))
                known._moved.Add(Math.Abs(computed.Value));
            if (call.Wrote || meaning.RevealsOwned.Contains(call.Call.Name))
                known.AddWrite(call.Result.Value, call.Result.Value);
            foreach (var write in call.Writes)
            {
                known.AddWrite(write.Before ?? Json.Null, write.Before ?? Json.Null);
                known.AddWrite(write.Before ?? Json.Null, write.After ?? Json.Null);
            }
        }

        for (var i = 0; i < before; i++)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text })
                known._said.AddRange(FieldValues.Numbers(text));
            else if (trace.AgentSpeech.At(i) is { Amounts.Count: > 0 })
                known._told.AddRange(trace.AmountsIn(i).WorkedOut);
        }

        known._numbers.AddRange(known._said);
        known._numbers.AddRange(FieldValues.Numbers(trace.IsForeign ? trace.Conversation.System : trace.Pack.Policy.Text));
        return known;
    }

    /// <summary>
    /// Whether the amount occurs literally, was computed in an earlier message of the agent, or belongs to the rows that a write names.
    /// </summary>
    public bool Shows(double amount) => Holds(_numbers, amount) || Holds(_sums, amount) || Holds(_rows, amount) || Holds(_told, amount);

    /// <summary>Whether rows show the amount, and no write moves it, no tool computes it as a difference and no human says it.</summary>
    public bool IsOnlyRead(double amount) =>
        !Holds(_moved, amount) && !Holds(_said, amount) && _observed.Exists(o => o is JsonMap or JsonList && JsonSearch.Shows(o, amount));

    /// <summary>
    /// Whether the amount occurs literally or can be computed from the amounts that writes moved, or from other amounts of the message.
    /// </summary>
    /// <param name="beside">The known other amounts of the message.</param>
    public bool Explains(double amount, List<double> beside)
    {
        if (Shows(amount) || IsSumOfColumn(amount) || IsOfTwoRead(amount))
            return true;
        List<double> operands = [.. beside, .. _sums];
        for (var i = 0; i < operands.Count; i++)
        {
            for (var count = 2; count <= LargestCount; count++)
            {
                if (Near(operands[i] * count, amount))
                    return true;
            }

            foreach (var number in _rows)
            {
                if (Near(operands[i] + number, amount) || Near(Math.Abs(operands[i] - number), amount))
                    return true;
            }

            for (var j = i + 1; j < operands.Count; j++)
            {
                if (Near(operands[i] + operands[j], amount) || Near(Math.Abs(operands[i] - operands[j]), amount))
                    return true;
            }
        }

        return Reaches([.. beside.Distinct().Take(MaxParts)], 0, amount, false)
            || Reaches([.. _sums.Distinct().Take(MaxParts)], 0, amount, false)
            || Reaches([.. beside.Distinct().Take(MaxSigned)], 0, amount, true);
    }

    // The sum or difference of two numbers from the person's own rows. Whole dollars often match by chance and are no evidence.
    private bool IsOfTwoRead(double amount)
    {
        double[] rows = [.. _rows.Distinct().Take(MaxRead)];
        return !Near(amount, Math.Round(amount))
            && Array.Exists(rows, a => Array.Exists(rows, b => Near(a + b, amount) || Near(a - b, amount)));
    }

    // The sum over some rows of one list that was read, possibly for several travellers: the fares of both legs, the prices of two items.
    private bool IsSumOfColumn(double amount)
    {
        if (_cents is null)
        {
            _cents = [];
            foreach (var value in _observed)
                AddSums(value, _cents);
        }

        for (var count = 1; count <= LargestCount; count++)
        {
            if (_cents.Contains(Cents(amount / count)))
                return true;
        }

        return false;
    }

    private static void AddSums(Json value, HashSet<long> sums)
    {
        foreach (var inner in value is JsonMap map ? map.Values : value.Items)
        {
            if (inner is JsonMap or JsonList)
                AddSums(inner, sums);
        }

        if (value is JsonList { Span: [JsonMap first, JsonMap, ..] rows } && rows.Length <= MaxRows)
            AddColumns(rows, first, [], sums);
    }

    private static void AddColumns(ReadOnlySpan<Json> rows, JsonMap like, List<string> path, HashSet<long> sums)
    {
        for (var i = 0; i < like.Count; i++)
        {
            path.Add(like.Keys[i]);
            if (like.Values[i] is JsonMap inner)
                AddColumns(rows, inner, path, sums);
            else if (like.Values[i] is JsonNumber)
                AddSubsets(rows, path, sums);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static void AddSubsets(ReadOnlySpan<Json> rows, List<string> path, HashSet<long> sums)
    {
        Span<double> column = stackalloc double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var at = rows[i];
            foreach (var key in path)
                at = at[key];
            column[i] = at.Number ?? 0;
        }

        for (var set = 1; set < 1 << rows.Length; set++)
        {
            var sum = 0.0;
            for (var i = 0; i < rows.Length; i++)
            {
                if ((set & (1 << i)) != 0)
                    sum += column[i];
            }

            sums.Add(Cents(sum));
        }
    }

    private static long Cents(double amount) => (long)Math.Round(Math.Abs(amount) * 100);

    // Whether some parts sum to the amount; with signs, new prices less old ones over several items.
    private static bool Reaches(ReadOnlySpan<double> parts, double sum, double amount, bool signed) =>
        Near(Math.Abs(sum), amount)
        || (
            parts.Length > 0
            && (
                Reaches(parts[1..], sum, amount, signed)
                || Reaches(parts[1..], sum + parts[0], amount, signed)
                || (signed && Reaches(parts[1..], sum - parts[0], amount, true))
            )
        );

    // Amounts of the rows that a write names: their sum per column, and the differences between two arguments or an argument and the
    // written row.
    private void AddRowSums(Trace trace, PackMeaning meaning, ToolSpec tool, JsonMap arguments)
    {
        var columns = new List<List<double>>();
        EntityRow? holder = null;
        foreach (var argument in meaning.Arguments(tool))
        {
            if (arguments[argument.Parameter.Name] is not { IsNull: false } value)
                continue;
            var rows = new List<EntityRow>();
            foreach (var item in value is JsonList list ? list.Items : [value])
            {
                if (item is JsonMap record)
                    rows.AddRange(RowsOf(trace, argument, record));
                else if (
                    argument.Names is { } entity
                    && item is JsonText or JsonNumber
                    && trace.Pack.Rows.Find(trace.View, entity, item, holder) is { } row
                )
                    rows.Add(row);
            }

            if (rows.Count == 0)
                continue;
            if (rows[0].Parent is not null)
                AddColumns(rows, columns);
            else if (value is not JsonList && Inner(trace, holder = rows[0]) is { Count: > 0 } inner)
                AddColumns(inner, columns);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            _sums.Add(columns[i].Sum());
            for (var j = 0; j < i; j++)
            {
                AddMoved(Math.Abs(columns[i].Sum() - columns[j].Sum()));
                for (var k = 0; k < Math.Min(columns[i].Count, columns[j].Count); k++)
                    AddMoved(Math.Abs(columns[i][k] - columns[j][k]));
            }
        }
    }

    // "HAT110 on May 24": the row that one part names, and the nested row that another part names.
    private static IEnumerable<EntityRow> RowsOf(Trace trace, ArgumentMeaning records, JsonMap record)
    {
        foreach (var (name, part) in records.Parts)
        {
            if (
                part.Names is not { Parent: null } entity
                || record[name] is not (JsonText or JsonNumber)
                || trace.Pack.Rows.Find(trace.View, entity, record[name]) is not { } row
            )
                continue;
            foreach (var inner in Inner(trace, row))
            {
                if (record.Values.Contains(inner.Key))
                    yield return inner;
            }
        }
    }

    private static List<EntityRow> Inner(Trace trace, EntityRow row) =>
        [
            .. trace
                .Pack.Domain.EntityOrder.Select(trace.Pack.Domain.Entity)
                .Where(e => e.Parent == row.Entity.Name)
                .SelectMany(e => EntityRows.Within(row, e)),
        ];

    // One column per money field.
    private static void AddColumns(List<EntityRow> rows, List<List<double>> columns)
    {
        foreach (var field in rows[0].Entity.Fields.Values)
        {
            if (field.Type != "money" || field.Path.Contains('[', StringComparison.Ordinal))
                continue;
            List<double> column =
            [
                .. rows.Where(r => r.Entity == rows[0].Entity && r[field.Path] is JsonNumber).Select(r => r[field.Path].Number!.Value),
            ];
            if (column.Count > 0)
                columns.Add(column);
        }
    }

    // Amounts that a write moved: numbers that are new in the row, and the difference of each changed one.
    private void AddWrite(Json before, Json after)
    {
        switch (after)
        {
            case JsonNumber number when before != after:
                // The new value in place of an old one is moved by their difference only.
                _sums.Add(number.Value);
                AddMoved(before is JsonNumber old ? Math.Abs(number.Value - old.Value) : number.Value);
                break;
            // Small whole numbers are counts and no amounts.
            case JsonNumber number when number.Value > LargestCount || !number.IsInteger:
                _rows.Add(number.Value);
                break;
            case JsonList list:
                for (var i = 0; i < list.Span.Length; i++)
                    AddWrite(i < before.Items.Count ? before.Items[i] : Json.Null, list.Span[i]);
                break;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                    AddWrite(before[map.Keys[i]], map.Values[i]);
                break;
        }
    }

    private void AddMoved(double amount)
    {
        _sums.Add(amount);
        _moved.Add(amount);
    }

    private static bool Holds(List<double> numbers, double amount)
    {
        foreach (var number in numbers)
        {
            if (Near(Math.Abs(number), amount))
                return true;
        }

        return false;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 0.006;
}
