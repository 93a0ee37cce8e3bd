namespace ConvoSynth.Serve.Frames;

/// <summary>A client's message that a protocol does not take, in the form in which pydantic tells its errors.</summary>
/// <param name="kind">pydantic's name of the error, such as <c>missing</c>.</param>
/// <param name="place">The keys that lead to the field, joined by dots.</param>
internal sealed class MessageException(string kind, string place, string message) : Exception(message)
{
    public string Kind { get; } = kind;

    public IReadOnlyList<string> Place { get; } = place.Split('.');
}
