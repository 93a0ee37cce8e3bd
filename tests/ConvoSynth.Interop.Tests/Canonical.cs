using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Interop.Tests;

/// <summary>The form in which values of all readers are compared; tests/interop/canonical.mjs makes the same.</summary>
internal static class Canonical
{
    public static JsonObject Shape(ParquetField field)
    {
        var shape = new JsonObject { ["name"] = field.Name };
        switch (field)
        {
            case PrimitiveField primitive:
                shape["kind"] = (primitive.Type, primitive.Annotation) switch
                {
                    (PhysicalType.Boolean, _) => "bool",
                    (PhysicalType.Int32 or PhysicalType.Int64, _) => "int",
                    (PhysicalType.Double or PhysicalType.Float, _) => "double",
                    (_, Annotation.None) => "bytes",
                    _ => "text",
                };
                break;
            case GroupField group:
                shape["kind"] = "group";
                shape["fields"] = new JsonArray([.. group.Fields.Select(Shape)]);
                break;
            case ListField list:
                shape["kind"] = "list";
                shape["element"] = Shape(list.Element);
                break;
        }

        return shape;
    }

    public static JsonArray Row(ParquetSchema schema, object?[] row) =>
        new([.. schema.Fields.Select((field, i) => Value(field, row[i]))]);

    private static JsonNode? Value(ParquetField field, object? value) => (field, value) switch
    {
        (_, null) => null,
        (_, bool b) => b,
        (_, int i) => i.ToString(CultureInfo.InvariantCulture),
        (_, long l) => l.ToString(CultureInfo.InvariantCulture),
        (_, double d) => double.IsNaN(d) ? "NaN" : BitConverter.DoubleToInt64Bits(d).ToString("x16", CultureInfo.InvariantCulture),
        (PrimitiveField { Annotation: Annotation.None }, ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span),
        (_, ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span),
        (GroupField group, object?[] fields) => new JsonArray([.. group.Fields.Select((child, i) => Value(child, fields[i]))]),
        (ListField list, IEnumerable<object?> elements) => new JsonArray([.. elements.Select(element => Value(list.Element, element))]),
        _ => throw new InvalidOperationException($"{field.Name}: {value.GetType().Name}"),
    };
}
