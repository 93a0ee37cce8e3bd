using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Audits;

/// <summary>Dialogues of one sort of text, clean or with a fault, each a function of its index.</summary>
internal interface IAuditSource
{
    /// <summary>Whose words: <c>rehearsal</c> or <c>recorded</c>.</summary>
    string Text { get; }

    /// <summary>Why no dialogue of this source can have the kind; null where some may.</summary>
    string? WhyNot(string kind);

    /// <summary>The dialogue of an index with the fault; null where it is not possible there.</summary>
    ValueTask<AuditedDialogue?> Plant(string kind, long index, CancellationToken cancellationToken);

    /// <summary>The dialogue of an index without a fault, on the task as the kind needs it; null where there is none.</summary>
    ValueTask<AuditedDialogue?> Clean(string? kind, long index, CancellationToken cancellationToken);
}
