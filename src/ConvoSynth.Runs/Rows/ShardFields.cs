using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace ConvoSynth.Runs.Rows;

/// <summary>The table of columns in Parquet.Net's types.</summary>
internal static class ShardFields
{
    private static readonly ColumnShape[] Shapes = [.. ShardSchema.Table.Select(column => column.Shape)];

    /// <summary>The file that every shard starts from.</summary>
    public static byte[] Empty { get; } = EmptyFile.Of(Shapes, annotated: true);

    /// <summary>The schema of <see cref="Empty"/>, as Parquet.Net reads it.</summary>
    public static ParquetSchema Schema { get; } = Read(Empty).Schema;

    /// <summary>One field per column, in file order. Text and JSON are byte fields, so Parquet.Net does not convert them.</summary>
    public static IReadOnlyList<DataField> Fields { get; } = Read(EmptyFile.Of(Shapes, annotated: false)).Schema.GetDataFields();

    /// <summary>The field of the column <c>index</c>.</summary>
    public static DataField Index { get; } = Fields.First(field => field.Name == "index");

    /// <summary>The form of each top-level column of a file, without its annotations: equal forms are read in the same way.</summary>
    public static IReadOnlyDictionary<string, string> Forms { get; } = FormsOf(Read(Empty).Metadata!.Schema);

    public static Dictionary<string, string> FormsOf(List<SchemaElement> schema)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 1; at < schema.Count; )
        {
            var name = schema[at].Name;
            forms[name] = Form(schema, ref at);
        }

        return forms;
    }

    private static string Form(List<SchemaElement> schema, ref int at)
    {
        var element = schema[at++];
        var form = $"{element.Name} {element.RepetitionType} {element.Type}";
        for (var child = 0; child < (element.NumChildren ?? 0); child++)
            form += $" ({Form(schema, ref at)})";
        return form;
    }

    internal static ParquetReader Read(byte[] file) => Synchronous.End(ParquetReader.CreateAsync(new MemoryStream(file)));
}
