using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>What a write is about, and whether the agent spoke of it: by key, or by any field that people tell its rows by.</summary>
internal static class Subject
{
    /// <summary>
    /// Whether an agent's message between two others says any reference to a row that the call names; for a call that names no row but the
    /// human's own, any of its values.
    /// </summary>
    public static bool IsSpokenOf(Trace trace, TraceCall call, int after, int before)
    {
        var references = References(trace, call);
        if (references.Count == 0) return true; // Nothing that could be said: nothing to miss.
        for (var i = Math.Max(after, 0); i < before; i++)
        {
            if (!Speech.IsAgentTurn(trace.Conversation.Messages[i])) continue;
            var text = trace.Conversation.Messages[i].Content!;
            foreach (var (type, value) in references)
            {
                if (FieldValues.Says(text, type, value)) return true;
            }
        }

        return false;
    }

    private static List<(string Type, Json Value)> References(Trace trace, TraceCall call)
    {
        var references = new List<(string Type, Json Value)>();
        var free = new List<(string Type, Json Value)>();
        var arguments = (JsonMap)call.Arguments!;
        // Telling fields are those the row had when the dialogue began; a row that the dialogue itself made is told by its key.
        var db = trace.Blueprint.Patch.IsEmpty ? trace.Pack.BaseView : trace.Pack.View(trace.Blueprint.Patch);
        EntityRow? within = null;
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (!arguments.TryGet(meaning.Parameter.Name, out var value) || value.IsNull) continue;
            if (meaning.Names is not { } entity || entity.Name == trace.Pack.Domain.Who)
            {
                if (meaning.Names is null) free.Add((meaning.TypeOf(value), value));
                continue;
            }

            foreach (var key in value is JsonList list ? list.Items : [value])
            {
                references.Add(("id", key));
                if (trace.Pack.Rows.Find(db, entity, key, within) is not { } row) continue;
                if (value is not JsonList) within = row;
                foreach (var field in entity.ToldBy) references.AddRange(Told(row, field));
            }
        }

        return references.Count > 0 ? references : free;
    }

    private static IEnumerable<(string Type, Json Value)> Told(EntityRow row, string field)
    {
        var type = row.Entity.Field(field)?.Type ?? "text";
        var list = field.IndexOf("[].", StringComparison.Ordinal);
        var values = list < 0 ? [row[field]] : row[field[..list]].Items.Select(i => FieldPath.Read(i, field[(list + 3)..]));
        return values.Where(v => !v.IsNull).Select(v => (type, v));
    }
}
