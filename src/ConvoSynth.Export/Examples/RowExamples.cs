using System.Text.Json;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Examples;

/// <summary>The examples of a row, or the reason why it has none.</summary>
/// <param name="Cut">How many messages follow the last one to learn from; no example has them.</param>
internal sealed record RowExamples(IReadOnlyList<Example> Examples, string? Problem, int Cut)
{
    public const string NothingToLearn = "no message to learn from";

    /// <summary>
    /// Cuts a row after its last message to learn from. Rows end with the human's words; LLaMA-Factory answers such an example with an
    /// empty one, and NeMo RL with an error.
    /// </summary>
    /// <param name="eachTurn">One example for each message to learn from, in which that message is the last.</param>
    public static RowExamples Of(ShardRow row, bool eachTurn)
    {
        var messages = MessagesOf(row);
        var last = Array.FindLastIndex(messages, m => m is { Speaker: Speaker.Assistant, Train: true });
        if (last < 0)
            return new([], NothingToLearn, 0);
        if (TurnOrder.Problem(messages.AsSpan(0, last + 1)) is { } problem)
            return new([], problem, 0);
        var cut = messages.Length - 1 - last;
        if (!eachTurn)
            return new([new(row, messages[..(last + 1)], LastOnly: false)], null, cut);
        var examples = Enumerable
            .Range(0, last + 1)
            .Where(i => messages[i] is { Speaker: Speaker.Assistant, Train: true })
            .Select(i => new Example(row, messages[..(i + 1)], LastOnly: true));
        return new([.. examples], null, cut);
    }

    public static ChatMessage[] MessagesOf(ShardRow row)
    {
        var messages = new ChatMessage[row.Messages.Count];
        for (var i = 0; i < messages.Length; i++)
            messages[i] = new(row.Messages[i], IsTrained(row.MessageMeta[i].Span));
        return messages;
    }

    private static bool IsTrained(ReadOnlySpan<byte> meta)
    {
        var reader = new Utf8JsonReader(meta);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTrain = reader.ValueTextEquals("train"u8);
            reader.Read();
            if (isTrain)
                return reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return false;
    }
}
