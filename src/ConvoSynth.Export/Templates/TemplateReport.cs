using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Export.Templates;

/// <summary>Damage in a row of a file, under one template.</summary>
/// <param name="Line">The line of JSON lines, otherwise the number of the record, from 1.</param>
public sealed record FoundDamage(string Kind, string File, int Line, string Field, string What);

/// <summary>What a template makes of the rows.</summary>
/// <param name="Whole">The rows of which everything is in the text.</param>
/// <param name="Kinds">Kind → how often.</param>
/// <param name="Examples">The first of each kind.</param>
public sealed record TemplateResult(
    string Template,
    long Rows,
    long Whole,
    IReadOnlyDictionary<string, long> Kinds,
    IReadOnlyList<FoundDamage> Examples
);

/// <summary>What templates make of files, and of each form of a call.</summary>
/// <param name="Matrix">Template → form → what becomes of it; empty if it was not asked for.</param>
public sealed record TemplateReport(
    IReadOnlyList<TemplateResult> Templates,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Matrix
)
{
    /// <summary>Whether every row comes whole through every template.</summary>
    [JsonIgnore]
    public bool IsWhole => Templates.All(t => t.Whole == t.Rows);

    public string ToJson() => JsonSerializer.Serialize(this, TemplateJson.Default.TemplateReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(TemplateReport))]
internal sealed partial class TemplateJson : JsonSerializerContext;
