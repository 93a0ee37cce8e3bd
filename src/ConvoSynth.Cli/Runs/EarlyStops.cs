using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Cli.Runs;

/// <summary>Dialogues that were ended since nothing could save them, and what that saved.</summary>
/// <param name="TokensSaved">
/// Input and output tokens: for each, the mean of its domain's dialogues that came to their end, less its own, where that is above 0. An estimate: how a dialogue
/// would have gone on nobody knows.
/// </param>
public sealed record EarlyStops(long Dialogues, long TokensSaved);

/// <summary>Counts early stops from rows.</summary>
internal sealed class EarlyStopCounter
{
    private const string Reason = "conversation.stopped";

    private readonly SortedDictionary<string, (long Rows, long Tokens)> _whole = new(StringComparer.Ordinal);
    private readonly List<(string Domain, long Tokens)> _stopped = [];

    /// <summary>Takes a row that was played.</summary>
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

    /// <returns>Null where none was stopped.</returns>
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
