using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>The facts of an executed write that words can express.</summary>
internal static class WriteFacts
{
    /// <summary>
    /// The value of a report's slot after the write, with the field type that parses it. Null if the slot names a row, or if its value is
    /// unknown.
    /// </summary>
    public static (string Type, Json Value)? Value(Trace trace, TraceCall call, ReportSlot slot)
    {
        if (slot.Argument is { } argument)
        {
            var value = call.Arguments![argument.Parameter.Name];
            return argument.Names is not null || value.IsNull ? null : (argument.TypeOf(value), value);
        }

        if (slot.Entity is not { } entity || slot.Field is not { } field)
            return null;
        return Field(trace, call, entity, field.Path) is { IsNull: false } held ? (field.Type, held) : null;
    }

    /// <summary>Whether the write changed the row with this key, or names it in an argument.</summary>
    public static bool Concerns(TraceCall call, string id)
    {
        foreach (var write in call.Writes)
        {
            if (write.Key == id)
                return true;
        }

        return call.Arguments is { } arguments && JsonSearch.ShowsId(arguments, id);
    }

    private static Json Field(Trace trace, TraceCall call, EntitySpec entity, string path)
    {
        var view = trace.View;
        if (entity.Parent is null)
        {
            var named = call.Arguments is JsonMap arguments ? trace.Pack.Guards.RowFor(view, call.Tool!, arguments, entity) : null;
            JsonMap? written = null;
            foreach (var write in call.Writes)
            {
                // An argument cannot name a new row's key. A removed row is described by its values before the write.
                if (write.Table == entity.Table && (named is null || write.Key == named.Row.Key))
                    written = write.After ?? write.Before;
            }

            return written is not null ? FieldPath.Read(written, path) : named?[path] ?? Json.Null;
        }

        // A list of nested rows has no single value.
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (meaning.Names == entity && meaning.Parameter.IsList && call.Arguments![meaning.Parameter.Name].Items.Count != 1)
                return Json.Null;
        }

        return call.Arguments is JsonMap map ? trace.Pack.Guards.RowFor(view, call.Tool!, map, entity)?[path] ?? Json.Null : Json.Null;
    }
}
