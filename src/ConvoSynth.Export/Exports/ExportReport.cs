using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Privacy;

namespace ConvoSynth.Export.Exports;

/// <param name="Rows">The rows that were read of it: those of the exported sets.</param>
public sealed record ExportedRun(string RunId, long Rows);

/// <summary>What an export holds and what it lost; <c>export.json</c> beside the data.</summary>
public sealed record ExportReport
{
    public required string Format { get; init; }

    /// <summary>The program that made the export.</summary>
    public required string Writer { get; init; }

    public required IReadOnlyList<ExportedRun> Runs { get; init; }

    public required bool EachTurn { get; init; }

    /// <summary>The rows that passed the filter and were selected.</summary>
    public required long Rows { get; init; }

    /// <summary>The records of each split: examples, or pairs.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }

    /// <summary>How many messages a trainer learns from, over all records.</summary>
    public required long LearnedMessages { get; init; }

    /// <summary>The characters of their words, names of tools and arguments.</summary>
    public required long LearnedCharacters { get; init; }

    /// <summary>Rows, examples or pairs that are left out, by reason.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    /// <summary>Parts of messages that the format cannot hold and that were dropped, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>The personal data of the rows that were looked at; null if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PersonalReport? PersonalData { get; init; }

    public required IReadOnlyList<WrittenFile> Files { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ExportJson.Default.ExportReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ExportReport))]
internal sealed partial class ExportJson : JsonSerializerContext;
