using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Summaries;

/// <summary>Early stops of hopeless dialogues, and their savings.</summary>
/// <param name="TokensSaved">
/// Input and output tokens. For each dialogue: the mean of its domain's complete dialogues, less its own, if that is above 0. An
/// estimate, since the rest of the dialogue is unknown.
/// </param>
public sealed record EarlyStops(long Dialogues, long TokensSaved);

/// <summary>Counts early stops from rows.</summary>
public sealed class EarlyStopCounter
{
    private const string Reason = "conversation.stopped";

    private readonly SortedDictionary<string, (long Rows, long Tokens)> _whole = new(StringComparer.Ordinal);
    private readonly List<(string Domain, long Tokens)> _stopped = [];

    /// <summary>Adds a played row.</summary>
    public void Count(ShardRow row)
    {
        var usage = row.Usage.IsEmpty ? Json.Null : Json.Parse(row.Usage.Span);
        var tokens = (long)((usage["input_tokens"].Number ?? 0) + (usage["output_tokens"].Number ?? 0));
        if (row.RejectReasons.Contains(Reason, StringComparer.Ordinal))
        {
            _stopped.Add((row.Domain, tokens));
            return;
        }

        var (rows, sum) = _whole.GetValueOrDefault(row.Domain);
        _whole[row.Domain] = (rows + 1, sum + tokens);
    }

    /// <returns>Null if there was no early stop.</returns>
    public EarlyStops? Total() =>
        _stopped.Count == 0
            ? null
            : new(
                _stopped.Count,
                _stopped.Sum(s => _whole.TryGetValue(s.Domain, out var whole) ? Math.Max(0, (whole.Tokens / whole.Rows) - s.Tokens) : 0)
            );

    public static string Text(EarlyStops stops) =>
        stops.TokensSaved == 0
            ? $"stopped early: {stops.Dialogues.ToString(CultureInfo.InvariantCulture)} dialogues that nothing could save"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"stopped early: {stops.Dialogues} dialogues that nothing could save, which saved about {stops.TokensSaved} tokens"
            );
}
