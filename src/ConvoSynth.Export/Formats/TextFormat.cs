using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;
using ConvoSynth.Export.Templates;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// The text that a chat template makes of an example, with the spans to learn from, in Python's characters (code points). An example of
/// which a part is not in the text, or whose spans have no exact place, is left out.
/// </summary>
internal sealed class TextFormat : JsonLinesFormat
{
    private readonly ChatTemplate? _template;
    private readonly MessageForm _form = new(ArgumentsAsText: false);
    private (Example Example, string Text, IReadOnlyList<TextSpan> Spans)? _rendered;

    public TextFormat() { }

    private TextFormat(ChatTemplate template)
    {
        _template = template;
        var form = TemplateForm.Of(template);
        _form = new(form.ArgumentsAsText) { EmptyContent = form.EmptyContent, Reasoning = true };
    }

    public override string Name => "text";

    public override string About => "the text of a chat template, with the spans to learn from (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) =>
        Holds.Masks | Holds.ParallelCalls | Holds.TextBesideCalls | Holds.Reasoning | Holds.CallIds | Holds.TextArguments;

    public override ExampleFormat By(string? template) =>
        new TextFormat(new(new(), TemplateFile.Read(template ?? throw new ExportException("--to text needs a --template"))));

    public override string? Problem(Example example)
    {
        var messages = new JsonArray([.. example.Messages.Select(Node)]);
        var tools = example.Tools.IsEmpty ? null : JsonNode.Parse(ToolTexts.Wrapped(example.Tools));
        try
        {
            var row = TrainingRow.Of(new JsonObject { ["messages"] = messages.DeepClone(), ["tools"] = tools?.DeepClone() }, parsed: false);
            var text = _template!.Render(messages, tools);
            if (TextCheck.Of(row, _template.File, text.Text) is [var damage, ..])
                return $"{damage.Kind} in the text";
            int[] learned =
            [
                .. Enumerable.Range(0, messages.Count).Where(i => example.Messages[i].Speaker == Speaker.Assistant && example.Trains(i)),
            ];
            var (spans, problem) = LearnedSpans.Of(_template, text, messages, tools, learned);
            _rendered = (example, text.Text, spans);
            return problem;
        }
        catch (TemplateException e)
        {
            return $"{DamageKinds.Refused}: {e.Message}";
        }
    }

    public override string TextOf(Example example) => _rendered!.Value.Text;

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        var (_, text, spans) = _rendered!.Value;
        json.WriteStartObject();
        json.WriteString("id"u8, example.Row.Id);
        json.WriteString("text"u8, text);
        json.WriteStartArray("learn"u8);
        foreach (var span in spans)
        {
            json.WriteStartArray();
            json.WriteNumberValue(CodePoints(text, span.Start));
            json.WriteNumberValue(CodePoints(text, span.End));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private JsonNode? Node(ChatMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
            _form.Write(json, message);
        return JsonNode.Parse(buffer.WrittenSpan);
    }

    // Python counts code points, and text here is UTF-16.
    private static int CodePoints(string text, int end)
    {
        var count = 0;
        for (var i = 0; i < end; i++)
        {
            if (!char.IsLowSurrogate(text[i]))
                count++;
        }

        return count;
    }
}
