using System.Runtime.InteropServices;

namespace ConvoSynth.Domains;

/// <summary>
/// A per-thread cache of a function of a text: many checks ask the same of one message, and each computation costs a pass over it.
/// Entries are keyed by the characters, so that equal texts of several dialogues share one. A collision evicts the older entry, so the
/// number of texts held is bounded and no answer ever changes.
/// </summary>
/// <param name="make">A pure function: the same text always gives the same result.</param>
public sealed class TextMemo<T>(Func<string, T> make) : IDisposable
{
    /// <summary>Number of entries, a power of two; a dialogue and the rows that it reads have some hundreds of texts.</summary>
    private const int Places = 1024;

    private readonly ThreadLocal<(string? Text, T Made)[]> _places = new(static () => new (string?, T)[Places]);

    public T this[string text]
    {
        get
        {
            ref var place = ref _places.Value![PlaceOf(text)];
            if (string.Equals(place.Text, text))
                return place.Made;
            var made = make(text);
            place = (text, made);
            return made;
        }
    }

    public void Dispose() => _places.Dispose();

    // The length and four samples of four characters: texts that agree in all of them are rare and only evict each other.
    private static int PlaceOf(ReadOnlySpan<char> text)
    {
        var hash = (ulong)text.Length;
        if (text.Length < 4)
        {
            foreach (var c in text)
                hash = (hash * 31) + c;
        }
        else
        {
            var last = text.Length - 4;
            Add(text);
            Add(text[(last / 3)..]);
            Add(text[(last * 2 / 3)..]);
            Add(text[last..]);
        }

        return (int)((hash * 0x9E3779B97F4A7C15) >> 54) & (Places - 1);

        void Add(ReadOnlySpan<char> from) =>
            hash = ulong.RotateLeft(hash * 0xBF58476D1CE4E5B9, 17) ^ MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(from));
    }
}
