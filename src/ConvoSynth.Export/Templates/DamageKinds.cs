namespace ConvoSynth.Export.Templates;

/// <summary>What may happen to a row on its way through a template, by the names that reports use.</summary>
public static class DamageKinds
{
    public const string Refused = "template-refuses";
    public const string NoRow = "no-messages";
    public const string RoleUnknown = "role-unknown";
    public const string NoCall = "observation-without-call";
    public const string ToolLost = "tool-lost";
    public const string ToolUnknown = "tool-not-offered";
    public const string ArgumentsTwice = "arguments-double-encoded";
    public const string ArgumentsLost = "arguments-lost";
    public const string ArgumentUnknown = "argument-not-in-schema";
    public const string CallLost = "call-lost";
    public const string ParallelLost = "parallel-call-lost";
    public const string ObservationLost = "observation-lost";
    public const string TextBesideLost = "text-beside-calls-lost";
    public const string TextLost = "text-lost";
    public const string OutOfOrder = "out-of-order";
    public const string NonePrinted = "none-printed";
    public const string MaskElsewhere = "mask-off-by-a-turn";
    public const string SpecialToken = "special-token-in-text";

    /// <summary>All kinds, with what each says.</summary>
    public static IReadOnlyList<(string Name, string About)> All { get; } =
    [
        (Refused, "the template ends with an error"),
        (NoRow, "the record holds no messages to render"),
        (RoleUnknown, "a message has a role that chat templates do not know"),
        (NoCall, "an observation answers no call"),
        (ToolLost, "a tool on offer, or its parameters, is not in the text"),
        (ToolUnknown, "a call is of a tool that the row does not offer"),
        (ArgumentsTwice, "arguments stand in the text as the text of a text"),
        (ArgumentsLost, "a call stands in the text without its arguments, or with others"),
        (ArgumentUnknown, "an argument is null and the tool's schema lacks it, as Arrow fills it in"),
        (CallLost, "a call is not in the text"),
        (ParallelLost, "one of several calls of a message is not in the text"),
        (ObservationLost, "an observation is not in the text, or is empty"),
        (TextBesideLost, "words beside calls are not in the text"),
        (TextLost, "words are not in the text"),
        (OutOfOrder, "words or an observation stand before what they follow"),
        (NonePrinted, "the text has None where the row has nothing"),
        (MaskElsewhere, "a mask stands on another message than an answer, or on the answer beside the failed one"),
        (SpecialToken, "a message contains a token with which the template marks turns"),
    ];
}

/// <summary>Damage in a row, and where.</summary>
/// <param name="Field">The field of the row, such as <c>messages[3].content</c>.</param>
internal sealed record Damage(string Kind, string Field, string What);
