using System.Runtime.CompilerServices;

namespace ConvoSynth.Domains;

/// <summary>
/// What was last made of a text, kept a thread: many checks ask the same of one message, and each reading of it costs a pass. Goes by the string object, not by its
/// letters, and forgets an entry when another falls on its place, so it holds no more than a fixed number of texts and never changes an answer.
/// </summary>
/// <param name="make">Gives the same for the same text each time.</param>
public sealed class TextMemo<T>(Func<string, T> make) : IDisposable
{
    /// <summary>A power of two; the texts of a dialogue and of the rows that it reads are some hundreds.</summary>
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
