using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;
using ConvoSynth.Export.Templates;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// verl's <c>MultiTurnSFTDataset</c>. It takes columns as pandas reads them and parses nothing; in columns of structs, Arrow would give
/// each call the arguments of all other calls, as None. So <c>messages</c> and <c>tools</c> are texts, and a subclass beside the data
/// parses them and keeps the masks. It renders each message by itself, while templates join the observations of parallel calls. Source:
/// verl/utils/dataset/multiturn_sft_dataset.py of verl-project/verl.
/// </summary>
internal sealed class VerlFormat : ExampleFormat
{
    private static readonly ColumnShape[] Columns =
    [
        new("messages", ColumnType.Text),
        new("tools", ColumnType.Text, Optional: true),
        new("id", ColumnType.Text),
    ];

    // verl reads the content of each message: an absent one ends the training with a KeyError.
    private MessageForm _form = new(ArgumentsAsText: false) { EmptyContent = true, Reasoning = true };

    public override string Name => "verl";

    public override string About => "verl's MultiTurnSFTDataset (Parquet)";

    public override Holds HoldsOf(bool eachTurn) =>
        Holds.Masks | Holds.TextBesideCalls | Holds.Reasoning | Holds.CallIds | Holds.TextArguments;

    public override ExampleFormat By(string? template) =>
        template is null ? this : new VerlFormat { _form = _form with { ArgumentsAsText = TemplateForm.Of(template).ArgumentsAsText } };

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return new("verl_rows.py", VerlScripts.Rows);
        yield return new("sft.sh", VerlScripts.Training(splits));
    }

    public override IRecordFiles<Example> Begin(OutputFolder output, string split, bool eachTurn) =>
        new TableFiles<Example>(output, split, Columns, Write);

    private void Write(DocumentTable table, Example example)
    {
        var messages = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(messages, JsonText.Options))
        {
            json.WriteStartArray();
            for (var i = 0; i < example.Messages.Count; i++)
            {
                json.WriteStartObject();
                _form.WriteFields(json, example.Messages[i]);
                if (example.Messages[i].Speaker == Speaker.Assistant)
                    json.WriteBoolean("train"u8, example.Trains(i));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        table.Cell(0, messages.WrittenSpan);
        table.Cell(1, example.Tools.IsEmpty ? default : Encoding.UTF8.GetBytes(ToolTexts.Wrapped(example.Tools)));
        table.Cell(2, Encoding.UTF8.GetBytes(example.Row.Id));
    }
}
