namespace ConvoSynth.Rehearsal;

/// <summary>
/// Ways to say one thing, by manner. <see cref="Plain"/> always has several; the others are taken by persons who are like that.
/// <c>{0}</c> stands for what the line is about.
/// </summary>
internal sealed record Lines(params string[] Plain)
{
    /// <summary>Short and without ceremony.</summary>
    public string[] Brief { get; init; } = [];

    /// <summary>With please, thank you and so on.</summary>
    public string[] Polite { get; init; } = [];

    /// <summary>With more words than are needed.</summary>
    public string[] Chatty { get; init; } = [];

    /// <summary>Hesitating, or asking back.</summary>
    public string[] Unsure { get; init; } = [];

    /// <summary>Out of patience, but not rude.</summary>
    public string[] Cross { get; init; } = [];
}
