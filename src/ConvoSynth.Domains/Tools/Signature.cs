using System.Collections;
using System.Reflection;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Maps a C# type to its JSON Schema and binder: texts, numbers, flags, enums, lists, and nested records. The schema uses only the
/// subset that function calling uses (type, enum, items, properties, required, minimum, maximum, description).
/// </summary>
internal static class Signature
{
    // Well within the range of decimal.
    private const double LargestDecimal = 1e27;

    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            // Only an upper-case letter begins a word, so address1 and item_ids stay as they are.
            if (char.IsUpper(name[i]) && i > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    public static (Json Schema, ArgumentBinder Binder, bool IsList) Of(Type type, ICustomAttributeProvider at, string where)
    {
        var shown = Nullable.GetUnderlyingType(type) ?? type;
        ArgumentAttributes.Require(at, ItemType(shown) ?? shown, where);
        var (schema, binder, isList) = Shape(shown, at, where);
        var about = at.GetCustomAttributes(typeof(AboutAttribute), inherit: false).OfType<AboutAttribute>().FirstOrDefault();
        return (about is null ? schema : schema.With("description", about.Description), binder, isList);
    }

    /// <summary>For a record or a list of records, the field of each property (null for a free value); empty for other types.</summary>
    public static IReadOnlyDictionary<string, string?> Parts(Type type)
    {
        var item = ItemType(type) ?? type;
        return item is { IsClass: true } && item != typeof(string) && item != typeof(Json) && item.GetConstructors() is [{ } constructor]
            ? constructor
                .GetParameters()
                .ToDictionary(p => Snake(p.Name!), p => p.GetCustomAttribute<IsAttribute>()?.Field, StringComparer.Ordinal)
            : new Dictionary<string, string?>(StringComparer.Ordinal);
    }

    private static (JsonMap Schema, ArgumentBinder Binder, bool IsList) Shape(Type type, ICustomAttributeProvider at, string where)
    {
        if (type == typeof(string))
            return (TextSchema(at), v => v.Text ?? throw Wrong(v, "a text"), false);
        if (type == typeof(bool))
            return (Typed("boolean"), v => v.Flag ?? throw Wrong(v, "true or false"), false);
        if (type == typeof(int))
            return (
                IntSchema(at),
                v =>
                    v is JsonNumber { Value: >= int.MinValue and <= int.MaxValue } n && Math.Floor(n.Value).Equals(n.Value)
                        ? (int)n.Value
                        : throw Wrong(v, "a whole number"),
                false
            );
        if (type == typeof(double))
            return (Typed("number"), v => v.Number ?? throw Wrong(v, "a number"), false);
        if (type == typeof(decimal))
            return (
                Typed("number"),
                v => v.Number is >= -LargestDecimal and <= LargestDecimal and var number ? (decimal)number : throw Wrong(v, "a number"),
                false
            );
        if (type == typeof(Json))
            return (JsonMap.Empty, v => v, false);
        if (type.IsEnum)
            return Enumeration(type);
        if (ItemType(type) is { } item)
            return List(type, item, at, where);
        if (type is { IsClass: true } && type.GetConstructors() is [{ } constructor])
            return Record(constructor, where);
        throw new NotSupportedException(
            $"{where}: the type {type.Name} cannot be a tool's argument; use text, whole number, number, flag, enum, "
                + "a list or a record of these"
        );
    }

    private static JsonMap Typed(string type) => (JsonMap)Json.Map(("type", type));

    private static JsonMap TextSchema(ICustomAttributeProvider at) =>
        at.GetCustomAttributes(typeof(OneOfAttribute), false) is [OneOfAttribute oneOf]
            ? Typed("string").With("enum", Json.List(oneOf.Values.Select(v => (Json)v)))
            : Typed("string");

    private static JsonMap IntSchema(ICustomAttributeProvider at) =>
        at.GetCustomAttributes(typeof(RangeAttribute), false) is [RangeAttribute range]
            ? Typed("integer").With("minimum", range.From).With("maximum", range.To)
            : Typed("integer");

    private static (JsonMap Schema, ArgumentBinder Binder, bool IsList) Enumeration(Type type)
    {
        var values = Enum.GetNames(type).ToDictionary(Snake, n => Enum.Parse(type, n), StringComparer.Ordinal);
        return (
            Typed("string").With("enum", Json.List(Enum.GetNames(type).Select(n => (Json)Snake(n)))),
            v =>
                v.Text is { } text && values.TryGetValue(text, out var value)
                    ? value
                    : throw Wrong(v, $"one of {string.Join(", ", values.Keys)}"),
            false
        );
    }

    private static (JsonMap Schema, ArgumentBinder Binder, bool IsList) List(
        Type type,
        Type item,
        ICustomAttributeProvider at,
        string where
    )
    {
        var (schema, binder, _) = Shape(item, at, where);
        var listType = typeof(List<>).MakeGenericType(item);
        var toArray = type.IsArray;
        return (
            Typed("array").With("items", schema),
            v =>
            {
                if (v is not JsonList list)
                    throw Wrong(v, "a list");
                if (toArray)
                {
                    var array = Array.CreateInstance(item, list.Items.Count);
                    for (var i = 0; i < array.Length; i++)
                        array.SetValue(binder(list.Items[i]), i);
                    return array;
                }

                var made = (IList)Activator.CreateInstance(listType)!;
                foreach (var each in list.Items)
                    made.Add(binder(each));
                return made;
            },
            true
        );
    }

    private static (JsonMap Schema, ArgumentBinder Binder, bool IsList) Record(ConstructorInfo constructor, string where)
    {
        var parameters = constructor.GetParameters();
        var parts = parameters
            .Select(p =>
                (
                    Name: Snake(p.Name!),
                    Part: Of(p.ParameterType, p, $"{where}.{p.Name}"),
                    p.HasDefaultValue,
                    Default: p.HasDefaultValue ? p.DefaultValue : null
                )
            )
            .ToArray();
        var schema = ObjectSchema(parts.Select(p => (p.Name, p.Part.Schema, p.HasDefaultValue)));
        return (
            schema,
            v =>
            {
                if (v is not JsonMap map)
                    throw Wrong(v, "an object");
                var bound = new object?[parts.Length];
                for (var i = 0; i < parts.Length; i++)
                {
                    if (map.TryGet(parts[i].Name, out var value) && !(value.IsNull && parts[i].HasDefaultValue))
                        bound[i] = parts[i].Part.Binder(value);
                    else
                        bound[i] = parts[i].HasDefaultValue ? parts[i].Default : throw new ToolError($"missing argument {parts[i].Name}");
                }

                return constructor.Invoke(bound);
            },
            false
        );
    }

    public static JsonMap ObjectSchema(IEnumerable<(string Name, Json Schema, bool Optional)> properties)
    {
        var list = properties.ToArray();
        return (JsonMap)
            Json.Map(
                ("type", "object"),
                ("properties", JsonMap.Create(list.Select(p => KeyValuePair.Create(p.Name, p.Schema)))),
                ("required", Json.List(list.Where(p => !p.Optional).Select(p => (Json)p.Name))),
                ("additionalProperties", false)
            );
    }

    private static Type? ItemType(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        return
            type.IsGenericType
            && type.GetGenericTypeDefinition() is var open
            && (
                open == typeof(List<>)
                || open == typeof(IReadOnlyList<>)
                || open == typeof(IEnumerable<>)
                || open == typeof(IReadOnlyCollection<>)
            )
            ? type.GetGenericArguments()[0]
            : null;
    }

    private static ToolError Wrong(Json value, string wanted) => new($"invalid arguments: {value} is not {wanted}");
}
