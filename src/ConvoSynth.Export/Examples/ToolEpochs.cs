using System.Buffers;
using System.Text.Json;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Examples;

/// <summary>
/// The stretches of a row in which the offered tools stay the same, each as a row with these tools: a trainer shows one list of tools with
/// all messages, so what was said under another list is no example to learn from.
/// </summary>
/// <param name="Row">The row, with the tools of the stretch.</param>
/// <param name="First">Index of its first message.</param>
/// <param name="End">Index after its last message.</param>
internal sealed record ToolEpochs(ShardRow Row, int First, int End)
{
    /// <summary>One stretch for a row whose tools never change.</summary>
    public static IReadOnlyList<ToolEpochs> Of(ShardRow row)
    {
        if (row.ToolsTimeline.IsEmpty)
            return [new(row, 0, row.Messages.Count)];
        using var timeline = JsonDocument.Parse(row.ToolsTimeline);
        using var tools = JsonDocument.Parse(row.Tools);
        var entries = timeline.RootElement.EnumerateArray().ToArray();
        return
        [
            .. entries.Select(
                (entry, i) =>
                    new ToolEpochs(
                        row with
                        {
                            Tools = Offered(tools.RootElement, entry.GetProperty("tools"u8)),
                        },
                        entry.GetProperty("message"u8).GetInt32(),
                        i + 1 < entries.Length ? entries[i + 1].GetProperty("message"u8).GetInt32() : row.Messages.Count
                    )
            ),
        ];
    }

    private static ReadOnlyMemory<byte> Offered(JsonElement tools, JsonElement names)
    {
        var offered = names.EnumerateArray().Select(n => n.GetString()).ToHashSet(StringComparer.Ordinal);
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            foreach (var tool in tools.EnumerateArray())
            {
                if (offered.Contains(tool.GetProperty("function"u8).GetProperty("name"u8).GetString()))
                    writer.WriteRawValue(tool.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        return bytes.WrittenMemory;
    }
}
