namespace ConvoSynth.Models.Journal;

/// <summary>Why a journal could neither read nor append.</summary>
public enum JournalError
{
    /// <summary>
    /// A later owner fenced this dialogue, or the journal cannot be reached. The dialogue ends without a report, and its present owner
    /// plays it.
    /// </summary>
    LostPlace,

    /// <summary>Storage failed: the run cannot proceed until a person repairs it. Durable data stays.</summary>
    Storage,

    /// <summary>A journal in playback has no answer to this request.</summary>
    Missing,
}

/// <summary>The journal failed. Callers let this propagate: they neither use the answer nor retry.</summary>
public sealed class JournalException(JournalError fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public JournalError Fault { get; } = fault;
}
