using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Serve.Audits;

/// <summary>
/// Compares a recorded observation with the execution: JSON by value, errors by being errors, since each environment words its own.
/// </summary>
internal static class ObservationMatch
{
    private const int Quoted = 120;

    /// <summary>What differs, as kind and sentence; null if the observation holds.</summary>
    public static (string Kind, string What)? Difference(TraceCall call, string recorded)
    {
        if (string.Equals(recorded, call.Result.Text, StringComparison.Ordinal))
            return null;
        var failed = IsError(recorded);
        if (call.Result.IsError)
            return failed
                ? null
                : (AuditKinds.ErrorToldAsSuccess, $"recorded {Cut(recorded)}; the execution gives {Cut(call.Result.Text)}");
        if (failed)
            return (AuditKinds.SuccessToldAsError, $"recorded {Cut(recorded)}; the execution gives {Cut(call.Result.Text)}");
        var executed = Executed(call);
        if (!Json.TryParse(recorded, out var told, out _))
            return (AuditKinds.ObservationDiffers, $"recorded {Cut(recorded)}; the execution gives {Cut(call.Result.Text)}");
        return told == executed || told == call.Result.Value
            ? null
            : (AuditKinds.ObservationDiffers, Sentence(CellDifference.Of(told, executed)));
    }

    /// <summary>The cells that differ; empty if either side is no JSON.</summary>
    public static IReadOnlyList<CellDifference> Cells(TraceCall call, string recorded) =>
        Json.TryParse(recorded, out var told, out _) ? CellDifference.Of(told, Executed(call)) : [];

    public static bool IsError(string text) =>
        text.StartsWith("Error", StringComparison.Ordinal)
        || text.StartsWith("Unknown action", StringComparison.Ordinal)
        || (
            text.StartsWith("{\"error\"", StringComparison.Ordinal)
            && Json.TryParse(text, out var map, out _)
            && map is JsonMap { Count: 1 }
        );

    // A tool that returns JSON as text returns that JSON.
    private static Json Executed(TraceCall call) =>
        call.Result.Value is JsonText text && Json.TryParse(text.Value, out var inner, out _) ? inner : call.Result.Value;

    private static string Sentence(IReadOnlyList<CellDifference> cells) =>
        cells[0].ToString() + (cells.Count > 1 ? $"; {cells.Count - 1} more cells differ" : "");

    private static string Cut(string text) => text.Length <= Quoted ? text : text[..Quoted] + "…";
}
