namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// Variants of one phrase, by manner. <see cref="Plain"/> always has several; the others suit persons of that manner. <c>{0}</c> stands
/// for the subject.
/// </summary>
internal sealed record Lines(params string[] Plain)
{
    /// <summary>Short and without ceremony.</summary>
    public string[] Brief { get; init; } = [];

    /// <summary>With please, thank you and so on.</summary>
    public string[] Polite { get; init; } = [];

    /// <summary>Wordier than needed.</summary>
    public string[] Chatty { get; init; } = [];

    /// <summary>Hesitating, or asking back.</summary>
    public string[] Unsure { get; init; } = [];

    /// <summary>Impatient, but not rude.</summary>
    public string[] Cross { get; init; } = [];
}
