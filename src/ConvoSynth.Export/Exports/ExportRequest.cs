using ConvoSynth.Export.Filters;
using ConvoSynth.Export.Privacy;
using ConvoSynth.Export.Renames;
using ConvoSynth.Export.Selection;
using ConvoSynth.Export.Tokens;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Export.Exports;

/// <summary>What is exported, and how.</summary>
public sealed record ExportRequest
{
    /// <summary>The runs whose rows are exported, in this order. Preference pairs need at least two runs of the same tasks.</summary>
    public required IReadOnlyList<RunFolder> Runs { get; init; }

    /// <summary>One of <see cref="Exporter.Formats"/>.</summary>
    public required string Format { get; init; }

    /// <summary>The folder to make; it must not exist, or be empty.</summary>
    public required string Out { get; init; }

    /// <value>The chat template whose form the messages get. Default null: the form that the trainer documents.</value>
    public string? Template { get; init; }

    public RowFilter Filter { get; init; } = new();

    public RowSelection Selection { get; init; } = new();

    public SplitShares Splits { get; init; } = new();

    /// <value>The longest examples; null for all. Default null.</value>
    public TokenLimit? Limit { get; init; }

    /// <value>Other names for tools; null keeps their own. Default null.</value>
    public ToolRenaming? Renaming { get; init; }

    /// <value>What happens to rows with personal data. Default none: they are not looked at.</value>
    public PersonalDataRule PersonalData { get; init; }

    /// <value>Whether each answer to learn from is an example of its own, in which it alone is learned. Default false.</value>
    public bool EachTurn { get; init; }

    /// <value>
    /// Whether examples are written although their masks are lost, so that training learns answers it should not. Default false: such
    /// examples are left out and counted.
    /// </value>
    public bool Lossy { get; init; }
}
