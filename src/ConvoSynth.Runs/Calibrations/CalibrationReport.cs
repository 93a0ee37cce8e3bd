using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Calibrations;

/// <summary>How the seats of a committee judge dialogues of which it is known whether they have a fault.</summary>
public sealed record CalibrationReport
{
    /// <summary>The number of the file's form.</summary>
    public const int CurrentFormat = 1;

    private const int LargestFile = 16_000_000;

    public int Format { get; init; } = CurrentFormat;

    public required ImmutableArray<string> Domains { get; init; }

    public required long Seed { get; init; }

    /// <summary>Dialogues with a planted fault.</summary>
    public required int Planted { get; init; }

    /// <summary>Of these, dialogues that no check rejects: only judges and people can find the fault.</summary>
    public required int PlantedLeftOpen { get; init; }

    /// <summary>Dialogues without a fault.</summary>
    public required int Clean { get; init; }

    public required JudgeBounds Bounds { get; init; }

    /// <summary>In the order of the spec.</summary>
    public required ImmutableArray<SeatFigures> Seats { get; init; }

    /// <summary>The seats that reach the bounds, together; null if none does.</summary>
    public CommitteeFigures? Committee { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, CalibrationJson.Readable.CalibrationReport);

    /// <exception cref="RunException">The file is missing or is no calibration.</exception>
    public static CalibrationReport Read(string path)
    {
        if (!File.Exists(path))
            throw new RunException($"the calibration {path} does not exist; make it with: convosynth judges calibrate --out {path}");
        if (new FileInfo(path).Length > LargestFile)
            throw new RunException($"{path} has more than {LargestFile} bytes and is no calibration");
        CalibrationReport? report;
        try
        {
            report = JsonSerializer.Deserialize(File.ReadAllText(path), CalibrationJson.Readable.CalibrationReport);
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is no calibration: {e.Message}");
        }

        return report is { Format: CurrentFormat }
            ? report
            : throw new RunException($"{path} is a calibration of another version; make it again with: convosynth judges calibrate");
    }
}

/// <summary>What a seat must reach to vote. The lower ends of its intervals count, so that few dialogues prove little.</summary>
/// <param name="Sensitivity">Share of the dialogues with a fault that the seat finds; 0 to 1.</param>
/// <param name="Specificity">Share of the dialogues without a fault that the seat lets pass; 0 to 1.</param>
public sealed record JudgeBounds(double Sensitivity, double Specificity)
{
    /// <value>0.5 and 0.8: a seat that guesses, and a seat that always says the same, reaches neither pair.</value>
    public static JudgeBounds Usual { get; } = new(0.5, 0.8);
}

/// <summary>One seat's figures.</summary>
public sealed record SeatFigures
{
    public required string Name { get; init; }

    public required string Endpoint { get; init; }

    public required string Model { get; init; }

    public string? Rubric { get; init; }

    /// <summary>Whether the built-in test endpoint answered: then the figures are those of its settings and of no model.</summary>
    public bool Simulated { get; init; }

    /// <summary>Planted dialogues on which the seat votes 0 on a criterion. No vote is no find.</summary>
    public required Proportion Sensitivity { get; init; }

    /// <summary>The same over the planted dialogues that no check rejects, which are what a run asks judges about.</summary>
    public required Proportion SensitivityLeftOpen { get; init; }

    /// <summary>Clean dialogues on which the seat votes 1 on every criterion. No vote lets nothing pass.</summary>
    public required Proportion Specificity { get; init; }

    /// <summary>
    /// Dialogues with unsure verdicts, and no failed one, that the seat alone settles right: by a no where a fault is planted, by yes to
    /// every question where none is.
    /// </summary>
    public required Proportion Questions { get; init; }

    /// <summary>Kind of fault → how many of it the seat found.</summary>
    public required ImmutableSortedDictionary<string, Proportion> Kinds { get; init; }

    /// <summary>Dialogues on which it was asked and gave no valid vote.</summary>
    public int NoVote { get; init; }

    public long Calls { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>US dollars; null if the endpoint has no price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The last reason for which it gave no vote; null if it always voted.</summary>
    public string? Problem { get; init; }

    /// <summary>Why the seat must not vote under the bounds, as a sentence; null if it may.</summary>
    public string? Barred(JudgeBounds bounds)
    {
        var silent = Problem is null ? "" : $"; {NoVote} times it gave no vote, the last time: {Problem}";
        if (Sensitivity.Low < bounds.Sensitivity)
            return $"it finds {Sensitivity.Hits} of {Sensitivity.Of} faults, at least {Sensitivity.Low:0.###} of all, and the bound is "
                + $"{bounds.Sensitivity}{silent}";
        return Specificity.Low < bounds.Specificity
            ? $"it passes {Specificity.Hits} of {Specificity.Of} dialogues without a fault, at least {Specificity.Low:0.###} of all, and "
                + $"the bound is {bounds.Specificity}{silent}"
            : null;
    }
}

/// <summary>The figures of the seats that vote, together.</summary>
public sealed record CommitteeFigures
{
    public required int Seats { get; init; }

    /// <summary>Planted dialogues that the committee does not accept.</summary>
    public required Proportion Sensitivity { get; init; }

    /// <summary>Clean dialogues that it accepts.</summary>
    public required Proportion Specificity { get; init; }

    /// <summary>How many independent judges it is worth; null if too few errors were seen to tell.</summary>
    public Worth? Worth { get; init; }

    /// <summary>Criterion → Krippendorff's alpha; null where all votes are alike.</summary>
    public required ImmutableSortedDictionary<string, double?> Alpha { get; init; }

    /// <summary>Seats that are asked about a dialogue, on average, if asking ends when the majority is certain.</summary>
    public required double AskedPerDialogue { get; init; }

    /// <summary>Input and output tokens a dialogue with that early end.</summary>
    public required double TokensPerDialogue { get; init; }

    /// <summary>US dollars a dialogue with that early end; null if an endpoint has no price.</summary>
    public decimal? CostPerDialogue { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CalibrationReport))]
internal sealed partial class CalibrationJson : JsonSerializerContext
{
    public static CalibrationJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                WriteIndented = true,
                NewLine = "\n",
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
