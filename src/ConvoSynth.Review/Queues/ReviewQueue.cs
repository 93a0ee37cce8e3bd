using System.Text.Json.Serialization;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Queues;

/// <summary>Rows that wait for reviewers, drawn one after the other.</summary>
/// <param name="View">The query of the view that holds its rows, in the view's order.</param>
/// <param name="Priority">Queues of priority 1 are emptied before those of 2.</param>
/// <param name="Share">How often it is drawn from, beside the shares of others of its priority; 0 for by name alone.</param>
/// <param name="Reviews">How many reviewers decide each row.</param>
public sealed record ReviewQueue(string Name, string View, int Priority = 1, double Share = 1, int Reviews = 1)
{
    /// <summary>The name of a session that draws from all queues.</summary>
    public const string All = "all";

    [JsonIgnore]
    public RowView Rows => RowView.Parse(View) with { Page = 0, Queue = Name, Decided = "open" };

    /// <summary>Whether it measures reviewers. Verdicts are then hidden on all rows of the session: else controls could be told.</summary>
    [JsonIgnore]
    public bool HasControls => Rows.Planted == "control";

    /// <summary>What is wrong with it, as a sentence; null if nothing is.</summary>
    public string? Problem()
    {
        if (Name.Length is 0 or > 100 || Name == All)
            return $"a queue's name has 1 to 100 characters and is not \"{All}\"";
        if (Priority is < 1 or > 100)
            return $"the priority of \"{Name}\" is {Priority}; it must be from 1 to 100";
        if (!(Share is >= 0 and <= 1_000_000))
            return $"the share of \"{Name}\" is {Share}; it must be from 0 to 1,000,000";
        if (Reviews is < 1 or > 100)
            return $"\"{Name}\" wants {Reviews} reviews a row; it must be 1 to 100";
        return View.Length > 4000 ? $"the view of \"{Name}\" has more than 4,000 characters" : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(IReadOnlyList<ReviewQueue>))]
internal sealed partial class QueueJson : JsonSerializerContext;
