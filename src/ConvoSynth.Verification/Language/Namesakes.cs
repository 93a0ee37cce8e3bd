using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>Rows of one name in two rows that hold them: the salad bowl of one order is no salad bowl of another.</summary>
internal static class Namesakes
{
    /// <summary>
    /// Whether another write or refusal of the task, by the same tool, is about a row of the same name that another row holds. A message
    /// that speaks of both wishes names that one.
    /// </summary>
    /// <param name="list">The argument that lists such rows.</param>
    public static bool IsMeant(ConfirmedWrite write, EntityRow row, string list, Func<EntityRow, string?> name)
    {
        var (trace, tool, parent) = (write.Trace, write.Call.Tool!, row.Parent!);
        var holder = PackMeaning.Of(trace.Pack).Arguments(tool).ToArray().FirstOrDefault(m => m.Names == parent.Entity);
        return holder is not null && Others(trace, tool.Name).Any(IsOfAnotherHolder);

        bool IsOfAnotherHolder(Json arguments) =>
            trace.Pack.Rows.Find(trace.View, parent.Entity, arguments[holder.Parameter.Name]) is { } other
            && other.Key != parent.Key
            && EntityRows
                .Within(other, row.Entity)
                .Any(r => name(r) == name(row) && arguments[list].Items.Any(k => EntityRows.Text(k) == EntityRows.Text(r.Key)));
    }

    private static IEnumerable<Json> Others(Trace trace, string tool) =>
        trace
            .Blueprint.AcceptedEndStates.SelectMany(s => s.Writes)
            .Where(w => w.Tool == tool)
            .Select(w => w.Arguments)
            .Concat(trace.Blueprint.Refusals.Where(r => r.Tool == tool).Select(r => r.Arguments));
}
