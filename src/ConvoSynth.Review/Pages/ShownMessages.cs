using ConvoSynth.Core;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Pages;

/// <summary>Where an argument comes from, and the message that it was last seen in; null if no message shows it.</summary>
public sealed record ShownOrigin(string Path, string Origin, int? Message);

/// <summary>A call in a message, with where its arguments come from.</summary>
public sealed record MessageCall(string Name, string Arguments, IReadOnlyList<ShownOrigin> Origins);

/// <param name="Number">As verdicts count it: without the system message; null for that one.</param>
/// <param name="Masked">Why a trainer does not learn from an answer; null if it does.</param>
/// <param name="Folded">A long observation, folded; null for other messages and for what is no JSON.</param>
public sealed record ShownMessage(
    int? Number,
    string Role,
    string? Tool,
    string Text,
    IReadOnlyList<MessageCall> Calls,
    string? Masked,
    FoldedJson? Folded
)
{
    /// <summary>What the agent thought before it answered.</summary>
    public string? Thought { get; init; }
}

/// <summary>The messages of a row as a page shows them.</summary>
internal static class ShownMessages
{
    /// <summary>Observations up to this length are shown whole.</summary>
    public const int Short = 160;

    public static IReadOnlyList<ShownMessage> Of(ShardRow row, IReadOnlyList<ShownVerdict> verdicts, bool hidesVerdicts)
    {
        Json[] messages = [.. row.Messages.Select(m => RowJson.Cell(m))];
        var touched = new TouchedFields(
            messages.SelectMany(m => m["tool_calls"].Items).Select(ArgumentsOf),
            verdicts.Where(v => v.Outcome is "fail" or "unsure").Select(v => v.Evidence)
        );
        var shown = new List<ShownMessage>(messages.Length);
        for (var i = 0; i < messages.Length; i++)
        {
            var (message, meta) = (messages[i], RowJson.Cell(row.MessageMeta[i]));
            var role = message["role"].Text ?? "";
            var origins = meta["argument_origins"].Items;
            var text = message["content"].Text ?? "";
            // A mask tells of a verdict on the answer.
            var isLearned = role != "assistant" || hidesVerdicts || meta["train"].Flag == true;
            shown.Add(
                new(
                    role == "system" ? null : shown.Count(m => m.Number is not null),
                    role,
                    message["name"].Text,
                    text,
                    [
                        .. message["tool_calls"]
                            .Items.Select((c, place) => CallOf(c, place < origins.Count ? origins[place] : Json.Null, shown)),
                    ],
                    isLearned ? null : meta["reason"].Text ?? "not to learn from",
                    role == "tool" && text.Length > Short ? touched.Fold(text) : null
                )
                {
                    Thought = message["reasoning_content"].Text,
                }
            );
        }

        return shown;
    }

    private static Json ArgumentsOf(Json call)
    {
        var arguments = call["function"]["arguments"];
        return arguments.Text is { } text && Json.TryParse(text, out var parsed, out _) ? parsed : arguments;
    }

    private static MessageCall CallOf(Json call, Json origins, List<ShownMessage> before)
    {
        var arguments = ArgumentsOf(call);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, leaf) in JsonFields.Of(arguments))
            values.TryAdd(path, JsonFields.Text(leaf));
        IEnumerable<ShownOrigin> shown = origins is JsonMap map
            ? map.Keys.Zip(
                map.Values,
                (path, origin) =>
                    new ShownOrigin(path, origin.Text ?? "", SourceOf(origin.Text ?? "", values.GetValueOrDefault(path), before))
            )
            : [];
        return new(call["function"]["name"].Text ?? "", CallAlignment.Text(call["function"]["arguments"]), [.. shown]);
    }

    private static int? SourceOf(string origin, string? value, List<ShownMessage> before)
    {
        var role = origin switch
        {
            "user" => "user",
            "observation" => "tool",
            _ => null,
        };
        return role is null || string.IsNullOrEmpty(value)
            ? null
            : before.LastOrDefault(m => m.Role == role && m.Text.Contains(value, StringComparison.OrdinalIgnoreCase))?.Number;
    }
}
