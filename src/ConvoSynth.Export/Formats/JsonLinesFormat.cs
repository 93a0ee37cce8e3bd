using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;

namespace ConvoSynth.Export.Formats;

/// <summary>A format of JSON lines, one file a split.</summary>
internal abstract class JsonLinesFormat : ExampleFormat
{
    public override IRecordFiles<Example> Begin(OutputFolder output, string split, bool eachTurn) =>
        new JsonLinesFile<Example>(output, FileOf(split), (json, example) => Write(json, example, eachTurn));

    /// <summary>Writes an example as one object.</summary>
    protected abstract void Write(Utf8JsonWriter json, Example example, bool eachTurn);

    protected static string FileOf(string split) => $"{split}.jsonl";

    /// <summary>Writes the tools as OpenAI lists them; nothing if the example has none.</summary>
    protected static void WriteTools(Utf8JsonWriter json, Example example)
    {
        if (example.Tools.IsEmpty)
            return;
        json.WritePropertyName("tools"u8);
        json.WriteRawValue(ToolTexts.Wrapped(example.Tools), skipInputValidation: true);
    }

    /// <summary>Writes the tools as a JSON text: files of many tools then have one type of column.</summary>
    /// <param name="bare">Whether each tool stands without OpenAI's wrapper of type and function.</param>
    protected static void WriteToolsText(Utf8JsonWriter json, Example example, bool bare = false) =>
        json.WriteString("tools"u8, bare ? ToolTexts.Bare(example.Tools) : ToolTexts.Wrapped(example.Tools));
}
