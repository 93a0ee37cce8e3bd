using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Losses;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Runs.Usefulness;

/// <summary>The loss of what an agent says after one of its calls, in nats for each token.</summary>
/// <param name="Message">The number of the message that makes the call, counted as in the row.</param>
/// <param name="Needed">What the exact rule says; null where it says nothing.</param>
public sealed record CallLoss(string Row, int Message, string Tool, bool? Needed, double Without, double CallOnly, double Whole)
{
    /// <summary>
    /// By how much the result lowers the loss of the following text, beside the better of no call and the call alone (T. Schick and
    /// others, "Toolformer", 2023, section 2).
    /// </summary>
    public double Gain => Math.Min(Without, CallOnly) - Whole;
}

/// <summary>Measures the calls of rows.</summary>
public static class CallLosses
{
    /// <summary>The calls of a row after which the agent says something, in order.</summary>
    /// <exception cref="Models.Endpoints.EndpointException">The server gives no answer, or none with log-probabilities.</exception>
    public static async Task<ImmutableArray<CallLoss>> Of(ShardRow row, PromptLosses losses, CancellationToken cancellationToken)
    {
        var messages = RowConversation.Of(row, []).Messages;
        // The row has its system message before those of the conversation.
        var before = row.Messages.Count - messages.Length;
        var measured = ImmutableArray.CreateBuilder<CallLoss>();
        for (var i = 0; i < messages.Length; i++)
        {
            for (var c = 0; c < messages[i].ToolCalls.Length; c++)
            {
                var call = messages[i].ToolCalls[c];
                if (CallTexts.Of(messages, i, call) is not { } texts)
                    continue;
                measured.Add(
                    new(
                        row.Id,
                        i + before,
                        call.Name,
                        NeededOf(row.MessageMeta[i + before], c),
                        await losses.Of(texts.Without, texts.Following, cancellationToken),
                        await losses.Of(texts.CallOnly, texts.Following, cancellationToken),
                        await losses.Of(texts.Whole, texts.Following, cancellationToken)
                    )
                );
            }
        }

        return measured.ToImmutable();
    }

    private static bool? NeededOf(ReadOnlyMemory<byte> meta, int call) =>
        JsonSerializer.Deserialize(meta.Span, CoreJson.Readable.MessageMeta) is { Needed: { } needed } && call < needed.Length
            ? needed[call]
            : null;
}
