namespace ConvoSynth.Export.Examples;

/// <summary>
/// The order of messages that every trainer takes: a system message at most, then the human and the agent in turns; after calls, one
/// observation for each call. Trainers answer another order with a wrong mask or a dropped row, and seldom with an error.
/// </summary>
internal static class TurnOrder
{
    public const string SameSide = "two messages of one side in a row";
    public const string NoObservation = "a call without its observation";
    public const string StrayObservation = "an observation without a call";
    public const string LateSystem = "a system message after the first message";

    /// <summary>What is wrong with the order, as a reason that is counted; null if nothing is.</summary>
    public static string? Problem(ReadOnlySpan<ChatMessage> messages)
    {
        var agentsTurn = false;
        var awaited = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            var message = messages[i];
            if (message.Speaker == Speaker.Tool)
            {
                if (awaited == 0)
                    return StrayObservation;
                agentsTurn = --awaited == 0;
                continue;
            }

            if (awaited > 0)
                return NoObservation;
            if (message.Speaker == Speaker.System)
            {
                if (i > 0)
                    return LateSystem;
                continue;
            }

            if (message.Speaker == Speaker.Assistant != agentsTurn)
                return SameSide;
            awaited = message.Speaker == Speaker.Assistant ? message.Calls.Count : 0;
            agentsTurn = message.Speaker == Speaker.User;
        }

        return null;
    }
}
