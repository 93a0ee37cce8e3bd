using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Serve.Audits;

/// <summary>What an audit found.</summary>
/// <param name="Records">The records of all files: <see cref="Held"/> and those with a finding.</param>
/// <param name="Calls">The calls that were executed.</param>
/// <param name="Repaired">Records in which every finding has a certain repair, and which hold after it.</param>
/// <param name="Dropped">Reason → records. A record with several kinds counts once, under the first that has no certain repair.</param>
/// <param name="Kinds">Kind → findings.</param>
/// <param name="Findings">The first 1,000 of each kind, in the order of the files.</param>
public sealed record AuditReport(
    string Domain,
    string Format,
    IReadOnlyList<string> Files,
    long Records,
    long Held,
    long Repaired,
    long Calls,
    IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyDictionary<string, long> Kinds,
    IReadOnlyList<AuditFinding> Findings
)
{
    public const string FileName = "audit.json";

    public string ToJson() => JsonSerializer.Serialize(this, AuditJson.Default.AuditReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(AuditReport))]
internal sealed partial class AuditJson : JsonSerializerContext;
