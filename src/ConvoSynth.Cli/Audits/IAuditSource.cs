using ConvoSynth.Verification.Audits;

namespace ConvoSynth.Cli.Audits;

/// <summary>Dialogues from one origin of text, clean or with a fault. Each is a function of its index.</summary>
internal interface IAuditSource
{
    /// <summary>The origin of the text: <c>rehearsal</c> or <c>recorded</c>.</summary>
    string Text { get; }

    /// <summary>Why no dialogue of this source can have the kind; null if some may.</summary>
    string? WhyNot(string kind);

    /// <summary>The dialogue of an index with the fault; null if that index cannot have it.</summary>
    ValueTask<AuditedDialogue?> Plant(string kind, long index, CancellationToken cancellationToken);

    /// <summary>The dialogue of an index without a fault, on the task that the kind needs; null if there is none.</summary>
    ValueTask<AuditedDialogue?> Clean(string? kind, long index, CancellationToken cancellationToken);

    /// <summary>A dialogue of which the outcome is right, whether or not all checks accept it; null if the index has none.</summary>
    ValueTask<AuditedDialogue?> Right(long index, CancellationToken cancellationToken);
}
