using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Records;

public enum TurnKind
{
    System,
    Human,
    Agent,
    Observation,

    /// <summary>A role that no known format has.</summary>
    Unknown,
}

/// <summary>A call in a record.</summary>
/// <param name="Place">The field that holds the arguments.</param>
/// <param name="Arguments">As the record has them; null where they are absent or null.</param>
/// <param name="Replace">Writes other arguments into the record.</param>
public sealed record RecordedCall(string Place, string Name, string? Id, JsonNode? Arguments, Action<JsonNode> Replace);

/// <summary>One message of a record, in whichever form its format writes it.</summary>
/// <param name="Place">The message, such as <c>messages[3]</c>.</param>
/// <param name="TextPlace">The field that holds the words or the observation.</param>
/// <param name="Text">The words or the observation; null where the record has none.</param>
/// <param name="Answers">The id of the call that an observation answers; null where the record names none.</param>
/// <param name="Message">The node in the record.</param>
public sealed record RecordedTurn(
    TurnKind Kind,
    string Role,
    string Place,
    string TextPlace,
    string? Text,
    IReadOnlyList<RecordedCall> Calls,
    string? Answers,
    JsonObject Message
)
{
    /// <summary>Writes another text into the record.</summary>
    public void Replace(string text) => Message[TextPlace[(TextPlace.LastIndexOf('.') + 1)..]] = text;

    public void Remove() => Message.Parent!.AsArray().Remove(Message);
}
