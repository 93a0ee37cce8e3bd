using System.Runtime.CompilerServices;

namespace ConvoSynth.Domains;

/// <summary>
/// A per-thread cache of a function of a text: many checks ask the same of one message, and each computation costs a pass over it.
/// Entries are keyed by the string object, not by its characters. A collision evicts the older entry, so the number of texts held is
/// bounded and no answer ever changes.
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
            ref var place = ref _places.Value![RuntimeHelpers.GetHashCode(text) & (Places - 1)];
            if (ReferenceEquals(place.Text, text))
                return place.Made;
            var made = make(text);
            place = (text, made);
            return made;
        }
    }

    public void Dispose() => _places.Dispose();
}
