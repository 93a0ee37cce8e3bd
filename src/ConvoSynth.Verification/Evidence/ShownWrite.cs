using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Evidence;

/// <summary>A field that a successful write sets and that its observation shows.</summary>
/// <param name="Entity">The entity of the row in the observation.</param>
/// <param name="Row">The row in the observation.</param>
/// <param name="Given">The value in the call.</param>
/// <param name="Shown">The value in the observation.</param>
internal sealed record ShownField(EntitySpec Entity, JsonMap Row, FieldSpec Field, Json Given, Json Shown)
{
    private const double HalfACent = 0.005;

    /// <summary>Whether call and observation agree, to half a cent for numbers. A tool may change the case of a text.</summary>
    public bool Agrees =>
        (Given, Shown) switch
        {
            (JsonNumber a, JsonNumber b) => Math.Abs(a.Value - b.Value) < HalfACent,
            (JsonText a, JsonText b) => string.Equals(a.Value.Trim(), b.Value.Trim(), StringComparison.OrdinalIgnoreCase),
            _ => Given == Shown,
        };
}

/// <summary>Pairs the arguments of a write with the values that its observation shows.</summary>
internal static class ShownWrite
{
    /// <summary>
    /// The fields of the written row for which the call has a value. It covers only types whose values tools do not reword: an address
    /// may come back respelled, a cabin may not change.
    /// </summary>
    public static IEnumerable<ShownField> Of(Trace trace, TraceCall call)
    {
        if (
            !call.Wrote
            || call.Arguments is not JsonMap arguments
            || Observed(call) is not JsonMap shown
            || RowOf(trace.Pack, shown) is not { } entity
        )
            yield break;
        foreach (var parameter in call.Tool!.Parameters)
        {
            if (!arguments.TryGet(parameter.Name, out var given) || given is not (JsonText or JsonNumber or JsonBoolean))
                continue;
            if (
                FieldOf(trace.Pack, entity, parameter)
                    is not { Type: "enum" or "count" or "money" or "date" or "flag" or "id" or "ref" } field
                || field.Path.Contains('[')
            )
                continue;
            if (FieldPath.Read(shown, field.Path) is var value && value is JsonText or JsonNumber or JsonBoolean)
                yield return new(entity, shown, field, given, value);
        }
    }

    // The observation as the agent saw it. replay.observations compares it with the environment's result.
    private static Json Observed(TraceCall call) =>
        call.Recorded != call.Result.Text && Json.TryParse(call.Recorded, out var recorded, out _) ? recorded : call.Result.Value;

    // The row's own field, or its reference, under the argument's name, to the row that the argument names.
    private static FieldSpec? FieldOf(Pack pack, EntitySpec entity, ToolParameter parameter)
    {
        if (parameter.Is is null || pack.Domain.Find(parameter.Is) is not { } named)
            return null;
        if (named.Entity == entity)
            return named.Field;
        var target = named.Field.Ref ?? (named.Field.Path == named.Entity.Key ? named.Entity.Name : null);
        return target is not null && entity.Fields.TryGetValue(parameter.Name, out var field) && field.Ref == target ? field : null;
    }

    // The entity with a table of its own whose key and most fields the object has.
    private static EntitySpec? RowOf(Pack pack, JsonMap shown)
    {
        EntitySpec? best = null;
        var most = 0;
        foreach (var name in pack.Domain.EntityOrder)
        {
            var entity = pack.Domain.Entity(name);
            if (entity.Parent is not null || !shown.TryGet(entity.Key, out _))
                continue;
            var held = entity.Fields.Keys.Count(f => shown.TryGet(f, out _));
            if (held > most)
                (best, most) = (entity, held);
        }

        return most > 1 ? best : null;
    }
}
