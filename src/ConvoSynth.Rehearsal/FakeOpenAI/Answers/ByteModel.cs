using System.Text;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>
/// A small language model that learns from the prompt itself: bytes after up to five others, with the estimate of escapes of I. H. Witten
/// and T. C. Bell ("The Zero-Frequency Problem", 1991, method C), interpolated down to 1/256. Deterministic.
/// </summary>
internal sealed class ByteModel
{
    private const int Order = 5;

    private readonly Dictionary<(int Order, ulong Context), Counts> _counts = [];

    /// <summary>A prompt's tokens, words with the blank before them, each with its log-probability after what precedes it.</summary>
    public static IReadOnlyList<(string Token, double LogProbability)> Of(string prompt)
    {
        var model = new ByteModel();
        var (tokens, history) = (new List<(string, double)>(), 0UL);
        var seen = 0;
        foreach (var token in Tokens(prompt))
        {
            var sum = 0.0;
            foreach (var next in Encoding.UTF8.GetBytes(token))
            {
                sum += Math.Log(model.Learn(history, Math.Min(seen, Order), next));
                (history, seen) = ((history << 8) | next, seen + 1);
            }

            tokens.Add((token, sum));
        }

        return tokens;
    }

    // The probability of a byte, before it is counted.
    private double Learn(ulong history, int longest, byte next)
    {
        var probability = 1.0 / 256;
        for (var order = 0; order <= longest; order++)
        {
            var context = history & ((1UL << (8 * order)) - 1);
            if (!_counts.TryGetValue((order, context), out var counts))
                _counts[(order, context)] = counts = new();
            probability = counts.Learn(next, probability);
        }

        return probability;
    }

    private static IEnumerable<string> Tokens(string prompt)
    {
        for (var start = 0; start < prompt.Length; )
        {
            var end = start + 1;
            if (char.IsHighSurrogate(prompt[start]) && end < prompt.Length)
                end++;
            if (char.IsLetterOrDigit(prompt[start]) || (prompt[start] == ' ' && end < prompt.Length && char.IsLetterOrDigit(prompt[end])))
            {
                while (end < prompt.Length && char.IsLetterOrDigit(prompt[end]))
                    end++;
            }

            yield return prompt[start..end];
            start = end;
        }
    }

    private sealed class Counts
    {
        private readonly Dictionary<byte, int> _next = [];
        private int _all;

        public double Learn(byte next, double shorter)
        {
            var count = _next.GetValueOrDefault(next);
            var kinds = _next.Count;
            var probability = _all == 0 ? shorter : (count + (kinds * shorter)) / (_all + kinds);
            _next[next] = count + 1;
            _all++;
            return probability;
        }
    }
}
