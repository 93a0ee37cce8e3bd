using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Runs.Summaries;

/// <summary>The ledger as a file of the run folder.</summary>
public static class LedgerFile
{
    /// <summary>The ledger in the run folder: one JSON line for each stage, role, endpoint, slice and tier.</summary>
    public const string FileName = "ledger.jsonl";

    public static void Write(RunFolder run, Ledger ledger) =>
        run.WriteFile(
            run.Path,
            FileName,
            stream =>
            {
                foreach (var line in ledger.Lines)
                {
                    JsonSerializer.Serialize(stream, line, LedgerJson.Default.LedgerLine);
                    stream.WriteByte((byte)'\n');
                }
            }
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerLine))]
internal sealed partial class LedgerJson : JsonSerializerContext;
