namespace ConvoSynth.Serve.Audits;

/// <summary>What may not hold in a record, by the names that reports use.</summary>
public static class AuditKinds
{
    public const string ObservationDiffers = "observation-differs";
    public const string ErrorToldAsSuccess = "error-told-as-success";
    public const string SuccessToldAsError = "success-told-as-error";
    public const string UnknownTool = "unknown-tool";
    public const string NoObject = "arguments-no-object";
    public const string DoubleEncoded = "arguments-double-encoded";
    public const string ArgumentForm = "arguments-in-another-form";
    public const string AgainstSchema = "arguments-against-schema";
    public const string ResultWithoutCall = "result-without-call";
    public const string CallWithoutResult = "call-without-result";
    public const string WriteAgainstGuard = "write-against-guard";
    public const string NoDialogue = "no-dialogue";

    /// <summary>All kinds, with what each says.</summary>
    public static IReadOnlyList<(string Name, string About)> All { get; } =
    [
        (ObservationDiffers, "the execution gives another observation"),
        (ErrorToldAsSuccess, "the call fails, and the record shows a result"),
        (SuccessToldAsError, "the call succeeds, and the record shows an error"),
        (UnknownTool, "the domain has no such tool"),
        (NoObject, "the arguments are no JSON object"),
        (DoubleEncoded, "the arguments are the text of a text"),
        (ArgumentForm, "the format wants arguments as a text and has an object, or the reverse"),
        (AgainstSchema, "the tool's schema refuses the arguments"),
        (ResultWithoutCall, "an observation answers no call"),
        (CallWithoutResult, "a call has no observation, and the dialogue goes on"),
        (WriteAgainstGuard, "a write succeeds that a clause of the policy forbids"),
        (NoDialogue, "the record holds no dialogue of this format"),
    ];
}
