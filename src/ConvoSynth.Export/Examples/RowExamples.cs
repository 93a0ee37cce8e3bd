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
        return new([.. ToolEpochs.Of(row).SelectMany(e => Of(e, messages, eachTurn))], null, cut);
    }

    private static IEnumerable<Example> Of(ToolEpochs epoch, ChatMessage[] messages, bool eachTurn)
    {
        var trained = Enumerable
            .Range(epoch.First, epoch.End - epoch.First)
            .Where(i => messages[i] is { Speaker: Speaker.Assistant, Train: true })
            .ToArray();
        if (eachTurn)
            return trained.Select(i => new Example(epoch.Row, messages[..(i + 1)], LastOnly: true));
        if (trained.Length == 0)
            return [];
        // The answers of earlier epochs were given with other tools.
        var seen = messages[..(trained[^1] + 1)].Select((m, i) => i < epoch.First && m.Train ? new ChatMessage(m.Cell, train: false) : m);
        return [new(epoch.Row, [.. seen], LastOnly: false)];
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
