namespace ConvoSynth.Models;

/// <summary>Why a journal gave no answer and took none.</summary>
public enum JournalFault
{
    /// <summary>The dialogue has lost its place to a later owner, or the journal cannot be reached: it ends without a word, and whoever owns it now plays it.</summary>
    LostPlace,

    /// <summary>Storage failed: the run cannot go on until that is mended. What is durable stays.</summary>
    Storage,

    /// <summary>A journal that is played back has no answer to this request.</summary>
    Missing,
}

/// <summary>
/// The journal cannot do what it was asked to. Who calls a model lets it pass: the answer may not be used, and asking again is not theirs.
/// </summary>
public sealed class JournalException(JournalFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public JournalFault Fault { get; } = fault;
}
