using System.IO.Hashing;
using System.Runtime.InteropServices;
using ConvoSynth.Export.Examples;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Selection;

/// <summary>
/// The runs of five words in what human and agent say and call, as hashes. The system message and observations are the pack's, and would
/// make all dialogues alike.
/// </summary>
internal static class WordShingles
{
    public const int Words = 5;

    public static HashSet<ulong> Of(ShardRow row)
    {
        var shingles = new HashSet<ulong>();
        var window = new Queue<ulong>(Words);
        foreach (var message in RowExamples.MessagesOf(row).Where(m => m.Speaker is Speaker.User or Speaker.Assistant))
        {
            Add(message.Text ?? "", window, shingles);
            foreach (var call in message.Calls)
            {
                Add(call.Name, window, shingles);
                Add(call.Arguments.GetRawText(), window, shingles);
            }
        }

        return shingles;
    }

    private static void Add(ReadOnlySpan<char> text, Queue<ulong> window, HashSet<ulong> shingles)
    {
        Span<ulong> words = stackalloc ulong[Words];
        Span<char> lower = stackalloc char[64];
        for (var at = 0; at < text.Length; )
        {
            while (at < text.Length && !char.IsLetterOrDigit(text[at]))
                at++;
            var start = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at]))
                at++;
            if (at == start)
                break;
            var word = text[start..Math.Min(at, start + lower.Length)];
            var length = word.ToLowerInvariant(lower);
            if (window.Count == Words)
                window.Dequeue();
            window.Enqueue(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(lower[..length])));
            if (window.Count < Words)
                continue;
            var i = 0;
            foreach (var hash in window)
                words[i++] = hash;
            shingles.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(words)));
        }
    }
}
