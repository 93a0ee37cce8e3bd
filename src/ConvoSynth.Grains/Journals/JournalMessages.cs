namespace ConvoSynth.Grains.Journals;

/// <summary>Which journal to open, and for which owner.</summary>
public sealed record JournalWork(string RunId, int Partition, long Epoch);

/// <summary>How a journal answers a call.</summary>
public enum JournalAnswer
{
    /// <summary>The call succeeded.</summary>
    Done,

    /// <summary>This activation has not opened the journal, or another activation has taken it over: open it again.</summary>
    NotOpen,

    /// <summary>The caller works for an earlier owner than the latest.</summary>
    OtherOwner,

    /// <summary>Storage failed.</summary>
    Failed,
}

/// <summary>A journal's reply.</summary>
/// <param name="Text">The found text, or the existing text that wins over the offered one.</param>
/// <param name="Error">Why it failed.</param>
public sealed record JournalReply(JournalAnswer Answer, string? Text = null, string? Error = null);
