namespace ConvoSynth.Serve.Grading;

internal enum RolloutKind
{
    Human,
    Agent,
    Call,
    Output,
}

/// <summary>One item of a finished rollout, whatever the form of its file.</summary>
/// <param name="Text">The words; of a call its arguments, of an output the observation.</param>
/// <param name="CallId">Joins a call and its output; empty for words.</param>
/// <param name="Tool">The tool of a call; otherwise empty.</param>
internal readonly record struct RolloutItem(RolloutKind Kind, string Text, string CallId = "", string Tool = "");
