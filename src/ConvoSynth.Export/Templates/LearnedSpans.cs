using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Templates;

/// <summary>
/// Where the answers to learn from stand in a rendered text: by the template's own <c>generation</c> blocks, otherwise by rendering the
/// dialogue up to each answer and through it, which must both be beginnings of the whole text.
/// </summary>
internal static class LearnedSpans
{
    public const string Rewritten = "a template that rewrites earlier turns, so that a mask has no exact place";
    public const string Unmarked = "a template whose generation blocks are not one for each answer";

    /// <summary>The spans, or the reason why there are none.</summary>
    /// <param name="learned">The places of the messages to learn from.</param>
    public static (IReadOnlyList<TextSpan> Spans, string? Problem) Of(
        ChatTemplate template,
        RenderedText whole,
        JsonArray messages,
        JsonNode? tools,
        IReadOnlyList<int> learned
    )
    {
        if (whole.Learned is { } marked)
            return OfBlocks(marked, messages, learned);
        var spans = new List<TextSpan>();
        foreach (var place in learned)
        {
            var before = template.Render(Until(messages, place), tools, opens: true).Text;
            var after = place == messages.Count - 1 ? whole.Text : template.Render(Until(messages, place + 1), tools).Text;
            if (after.Length <= before.Length || !Begins(whole.Text, before) || !Begins(whole.Text, after))
                return ([], Rewritten);
            spans.Add(new(before.Length, after.Length));
        }

        return (spans, null);
    }

    private static (IReadOnlyList<TextSpan>, string?) OfBlocks(
        IReadOnlyList<TextSpan> marked,
        JsonArray messages,
        IReadOnlyList<int> learned
    )
    {
        int[] answers = [.. Enumerable.Range(0, messages.Count).Where(i => (string?)messages[i]!["role"] == "assistant")];
        return marked.Count == answers.Length
            ? ([.. learned.Select(place => marked[Array.IndexOf(answers, place)])], null)
            : ([], Unmarked);
    }

    private static bool Begins(string whole, string part) => whole.StartsWith(part, StringComparison.Ordinal);

    private static JsonArray Until(JsonArray messages, int count) => [.. messages.Take(count).Select(m => m!.DeepClone())];
}
