using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Whether an amount that the agent says can be known where it is said: it stands in an observation, the human's words or the policy, or follows
/// from such by a sum, a difference or a multiple. Generous on purpose: what it cannot explain comes from nowhere.
/// </summary>
internal sealed class KnownAmounts
{
    /// <summary>Numbers that are combined in pairs; the search is quadratic in them.</summary>
    private const int MostOperands = 120;

    /// <summary>Sums over more rows than this are not tried in all combinations.</summary>
    private const int MostParts = 10;

    private const int LargestCount = 12;

    private readonly List<double> _numbers = [];
    private readonly List<double> _sums = [];

    private KnownAmounts() { }

    /// <param name="before">Index of the message in which the amount is said.</param>
    public static KnownAmounts Before(Trace trace, int before)
    {
        var known = new KnownAmounts();
        var messages = trace.Conversation.Messages;
        var meaning = PackMeaning.Of(trace.Pack);
        Db? view = null;
        foreach (var call in trace.Calls)
        {
            if (call.Message >= before) break;
            if (call.Succeeded) JsonSearch.Numbers(call.Result.Value, known._numbers, int.MaxValue);
            if (call.Tool is { Writes: true } && call.Arguments is JsonMap arguments) known.AddRowSums(trace, view ??= trace.Pack.View(trace.Blueprint.Patch), meaning, call.Tool, arguments);
        }

        for (var i = 0; i < before; i++)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text }) known._numbers.AddRange(FieldValues.Numbers(text));
        }

        known._numbers.AddRange(FieldValues.Numbers(trace.IsForeign ? trace.Conversation.System : trace.Pack.Policy.Text));
        return known;
    }

    /// <summary>Whether the amount stands somewhere as it is, or belongs to the rows that a write names.</summary>
    public bool Shows(double amount) => Holds(_numbers, amount) || Holds(_sums, amount);

    /// <summary>Whether the amount stands somewhere or can be computed from what does.</summary>
    public bool Explains(double amount)
    {
        if (Shows(amount)) return true;
        var operands = new List<double>(_sums);
        for (var i = 0; i < _numbers.Count && operands.Count < MostOperands; i++)
        {
            if (!Holds(operands, _numbers[i])) operands.Add(_numbers[i]);
        }

        for (var i = 0; i < operands.Count; i++)
        {
            for (var count = 2; count <= LargestCount; count++)
            {
                if (Near(operands[i] * count, amount)) return true;
            }

            for (var j = i + 1; j < operands.Count; j++)
            {
                if (Near(operands[i] + operands[j], amount) || Near(Math.Abs(operands[i] - operands[j]), amount)) return true;
            }
        }

        return IsSumOfSome(_sums.Take(MostParts).ToArray(), amount);
    }

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
