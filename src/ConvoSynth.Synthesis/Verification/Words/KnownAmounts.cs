using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Whether an amount that the agent says can be known where it is said: it stands in an observation, the human's words or the policy, or follows
/// from such by a sum, a difference or a multiple. Generous on purpose: what it cannot explain comes from nowhere.
/// </summary>
internal sealed class KnownAmounts
{
    /// <summary>Sums over more rows than this are not tried in all combinations.</summary>
    private const int MostParts = 12;

    private const int LargestCount = 12;

    /// <summary>Longer lists are catalogues, whose rows nobody adds up.</summary>
    private const int MostRows = 7;

    /// <summary>Amounts beside one that are tried with either sign; the search grows threefold with each.</summary>
    private const int MostSigned = 8;

    private readonly List<double> _numbers = [];
    private readonly List<double> _sums = [];
    private readonly List<double> _rows = [];

    // Read only where an amount stands nowhere as it is.
    private readonly List<Json> _observed = [];
    private HashSet<long>? _cents;

    private KnownAmounts() { }

    /// <param name="before">Index of the message in which the amount is said.</param>
    public static KnownAmounts Before(Trace trace, int before)
    {
        var known = new KnownAmounts();
        var messages = trace.Conversation.Messages;
        var meaning = PackMeaning.Of(trace.Pack);
        foreach (var call in trace.Calls)
        {
            if (call.Message >= before) break;
            if (call.Succeeded)
            {
                JsonSearch.Numbers(call.Result.Value, known._numbers, int.MaxValue);
                known._observed.Add(call.Result.Value);
            }

            foreach (var write in call.Writes)
            {
                JsonSearch.Numbers(write.Before ?? Json.Null, known._rows, int.MaxValue);
                known.AddWrite(write.Before ?? Json.Null, write.After ?? Json.Null);
            }

            if (call.Tool is { Writes: true } && call.Arguments is JsonMap arguments) known.AddRowSums(trace, trace.View, meaning, call.Tool, arguments);
        }

        for (var i = 0; i < before; i++)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text }) known._numbers.AddRange(FieldValues.Numbers(text));
        }

        known._numbers.AddRange(FieldValues.Numbers(trace.IsForeign ? trace.Conversation.System : trace.Pack.Policy.Text));
        return known;
    }

    /// <summary>Whether the amount stands somewhere as it is, or belongs to the rows that a write names.</summary>
    public bool Shows(double amount) => Holds(_numbers, amount) || Holds(_sums, amount) || Holds(_rows, amount);

    /// <summary>Whether the amount stands somewhere or can be computed from what the writes moved, or from what else the message says.</summary>
    /// <param name="beside">The other amounts of the message that stand somewhere.</param>
    public bool Explains(double amount, List<double> beside)
    {
        if (Shows(amount) || IsSumOfColumn(amount)) return true;
        List<double> operands = [.. beside, .. _sums];
        for (var i = 0; i < operands.Count; i++)
        {
            for (var count = 2; count <= LargestCount; count++)
            {
                if (Near(operands[i] * count, amount)) return true;
            }

            foreach (var number in _rows)
            {
                if (Near(operands[i] + number, amount) || Near(Math.Abs(operands[i] - number), amount)) return true;
            }

            for (var j = i + 1; j < operands.Count; j++)
            {
                if (Near(operands[i] + operands[j], amount) || Near(Math.Abs(operands[i] - operands[j]), amount)) return true;
            }
        }

        return IsSumOfSome([.. beside.Distinct().Take(MostParts)], amount) || IsSumOfSome([.. _sums.Distinct().Take(MostParts)], amount)
            || IsSignedSum([.. beside.Distinct().Take(MostSigned)], 0, amount);
    }

    // What some of the rows of one list that was read come to, for one traveller or several: the fares of both legs, the prices of two of the items.
    private bool IsSumOfColumn(double amount)
    {
        if (_cents is null)
        {
            _cents = [];
            foreach (var value in _observed) AddSums(value, _cents);
        }

        for (var count = 1; count <= LargestCount; count++)
        {
            if (_cents.Contains(Cents(amount / count))) return true;
        }

        return false;
    }

    private static void AddSums(Json value, HashSet<long> sums)
    {
        foreach (var inner in value is JsonMap map ? map.Values : value.Items)
        {
            if (inner is JsonMap or JsonList) AddSums(inner, sums);
        }

        if (value is JsonList { Span: [JsonMap first, JsonMap, ..] rows } && rows.Length <= MostRows) AddColumns(rows, first, [], sums);
    }

    private static void AddColumns(ReadOnlySpan<Json> rows, JsonMap like, List<string> path, HashSet<long> sums)
    {
        for (var i = 0; i < like.Count; i++)
        {
            path.Add(like.Keys[i]);
            if (like.Values[i] is JsonMap inner) AddColumns(rows, inner, path, sums);
            else if (like.Values[i] is JsonNumber) AddSubsets(rows, path, sums);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static void AddSubsets(ReadOnlySpan<Json> rows, List<string> path, HashSet<long> sums)
    {
        Span<double> column = stackalloc double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var at = rows[i];
            foreach (var key in path) at = at[key];
            column[i] = at.Number ?? 0;
        }

        for (var set = 1; set < 1 << rows.Length; set++)
        {
            var sum = 0.0;
            for (var i = 0; i < rows.Length; i++)
            {
                if ((set & (1 << i)) != 0) sum += column[i];
            }

            sums.Add(Cents(sum));
        }
    }

    private static long Cents(double amount) => (long)Math.Round(Math.Abs(amount) * 100);

    // New prices less old ones, over several items.
    private static bool IsSignedSum(ReadOnlySpan<double> parts, double sum, double amount) =>
        Near(Math.Abs(sum), amount) || (parts.Length > 0 && (IsSignedSum(parts[1..], sum, amount) || IsSignedSum(parts[1..], sum + parts[0], amount) || IsSignedSum(parts[1..], sum - parts[0], amount)));

    // Money of the rows that a write names: each, their sum, and what the sums differ by from one argument to another.
    private void AddRowSums(Trace trace, Db view, PackMeaning meaning, ToolSpec tool, JsonMap arguments)
    {
        var columns = new List<List<double>>();
        EntityRow? holder = null;
        foreach (var argument in meaning.Arguments(tool))
        {
            if (argument.Names is not { } entity || arguments[argument.Parameter.Name] is not { IsNull: false } value) continue;
            var column = new List<double>();
            foreach (var key in value is JsonList list ? list.Items : [value])
            {
                if (key is not (JsonText or JsonNumber) || trace.Pack.Rows.Find(view, entity, key, holder) is not { } row) continue;
                if (entity.Parent is null && value is not JsonList) holder = row;
                foreach (var field in entity.Fields.Values)
                {
                    if (field.Type == "money" && !field.Path.Contains('[', StringComparison.Ordinal) && row[field.Path].Number is { } amount) column.Add(amount);
                }
            }

            if (column.Count > 0 && entity.Parent is not null) columns.Add(column);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            _sums.Add(columns[i].Sum());
            for (var j = 0; j < i; j++)
            {
                _sums.Add(Math.Abs(columns[i].Sum() - columns[j].Sum()));
                for (var k = 0; k < Math.Min(columns[i].Count, columns[j].Count); k++) _sums.Add(Math.Abs(columns[i][k] - columns[j][k]));
            }
        }
    }

    // What a write moved: numbers that the row has now and had not before, and by how much each changed.
    private void AddWrite(Json before, Json after)
    {
        switch (after)
        {
            case JsonNumber number when before != after:
                _sums.Add(number.Value);
                if (before is JsonNumber old) _sums.Add(Math.Abs(number.Value - old.Value));
                break;
            case JsonNumber number:
                _rows.Add(number.Value);
                break;
            case JsonList list:
                AddColumns(list);
                for (var i = 0; i < list.Span.Length; i++) AddWrite(i < before.Items.Count ? before.Items[i] : Json.Null, list.Span[i]);
                break;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++) AddWrite(before[map.Keys[i]], map.Values[i]);
                break;
        }
    }

    // What the inner rows of a written row come to: the total of its items.
    private void AddColumns(JsonList list)
    {
        if (list.Span.Length == 0 || list.Span[0] is not JsonMap first) return;
        foreach (var key in first.Keys)
        {
            if (first[key] is not JsonNumber) continue;
            var sum = 0.0;
            foreach (var item in list.Span) sum += item[key].Number ?? 0;
            _sums.Add(sum);
        }
    }

    private static bool IsSumOfSome(ReadOnlySpan<double> parts, double amount)
    {
        for (var set = 1; set < 1 << parts.Length; set++)
        {
            var sum = 0.0;
            for (var i = 0; i < parts.Length; i++)
            {
                if ((set & (1 << i)) != 0) sum += parts[i];
            }

            if (Near(sum, amount)) return true;
        }

        return false;
    }

    private static bool Holds(List<double> numbers, double amount)
    {
        foreach (var number in numbers)
        {
            if (Near(Math.Abs(number), amount)) return true;
        }

        return false;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 0.006;
}
