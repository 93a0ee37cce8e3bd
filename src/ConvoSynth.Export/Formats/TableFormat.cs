using System.Buffers;
using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Templates;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// A format of Parquet files whose messages are JSON documents. A loader of typed columns fills absent fields with None, which chat
/// templates take for values; a document keeps its fields.
/// </summary>
internal abstract class TableFormat : ExampleFormat
{
    private static readonly ColumnShape Id = new("id", ColumnType.Text);
    private static readonly ColumnShape Tools = new("tools", ColumnType.Json, Optional: true);
    private static readonly ColumnShape[] Whole = [new("messages", ColumnType.Json, IsList: true), Tools, Id];
    private static readonly ColumnShape[] Turns =
    [
        new("prompt", ColumnType.Json, IsList: true),
        new("completion", ColumnType.Json, IsList: true),
        Tools,
        Id,
    ];

    /// <summary>The form of messages; null writes them as the row has them, with an empty content where they have none.</summary>
    protected MessageForm? Form { get; private set; }

    public override ExampleFormat By(string? template)
    {
        if (template is null)
            return this;
        var form = TemplateForm.Of(template);
        var made = (TableFormat)MemberwiseClone();
        made.Form = new(form.ArgumentsAsText) { EmptyContent = form.EmptyContent, Reasoning = true };
        return made;
    }

    public override IRecordFiles<Example> Begin(OutputFolder output, string split, bool eachTurn) =>
        new TableFiles<Example>(output, split, ColumnsOf(eachTurn), eachTurn ? WriteTurn : WriteWhole);

    protected static IReadOnlyList<ColumnShape> ColumnsOf(bool eachTurn) => eachTurn ? Turns : Whole;

    private void WriteWhole(DocumentTable table, Example example)
    {
        table.Cells(0, example.Messages.Select(CellOf));
        table.Cell(1, example.Tools.Span);
        WriteId(table, 2, example);
    }

    private void WriteTurn(DocumentTable table, Example example)
    {
        table.Cells(0, example.Context.Select(CellOf));
        table.Cells(1, [CellOf(example.Last)]);
        table.Cell(2, example.Tools.Span);
        WriteId(table, 3, example);
    }

    private ReadOnlyMemory<byte> CellOf(ChatMessage message)
    {
        if (Form is null)
            return message.FilledCell;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
            Form.Write(json, message);
        return buffer.WrittenMemory;
    }

    private static void WriteId(DocumentTable table, int column, Example example) =>
        table.Cell(column, System.Text.Encoding.UTF8.GetBytes(example.Row.Id));
}
