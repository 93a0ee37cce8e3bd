using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ConvoSynth.Embedded.Wire;

/// <summary>Finds what JSON would lose silently: it looks at declared types, so a fault shows whatever the values are.</summary>
internal static class WireTypeCheck
{
    /// <summary>The first fault in the type or in what it is made of, as the end of a sentence; null for none.</summary>
    public static string? FindFault(Type type, JsonSerializerOptions json)
    {
        var seen = new HashSet<Type>();
        var open = new Stack<Type>([type]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
                continue;
            JsonTypeInfo info;
            try
            {
                info = json.GetTypeInfo(next);
            }
            catch (Exception failure) when (failure is NotSupportedException or InvalidOperationException or ArgumentException)
            {
                return $"{next.Name} has no JSON contract ({failure.Message})";
            }

            if (Fault(next, info) is { } fault)
                return fault;
            foreach (var part in Parts(info))
                open.Push(part);
        }

        return null;
    }

    private static string? Fault(Type type, JsonTypeInfo info)
    {
        if (type == typeof(object))
            return "object reads back as a JsonElement";
        if (info.Kind != JsonTypeInfoKind.Object || info.PolymorphismOptions is not null)
            return null;
        if (type.IsAbstract || type.IsInterface)
            return $"{type.Name} is abstract and has no [JsonDerivedType]";
        if (info.Properties.Count == 0 && type.GetFields(BindingFlags.Instance | BindingFlags.Public).Length > 0)
            return $"{type.Name} has fields instead of properties";
        return type is { IsClass: true, IsSealed: false }
            ? $"{type.Name} is neither sealed nor polymorphic, so what a derived type adds would be lost"
            : null;
    }

    private static IEnumerable<Type> Parts(JsonTypeInfo info)
    {
        if (info.ElementType is { } element)
            yield return element;
        if (info.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var property in info.Properties)
            {
                if (property.Get is not null && property.CustomConverter is null)
                    yield return property.PropertyType;
            }
        }

        foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
        {
            if (derived.DerivedType != info.Type)
                yield return derived.DerivedType;
        }
    }
}
