namespace ConvoSynth.Export.Formats;

/// <summary>A file beside the data: a trainer's own configuration that loads it.</summary>
internal sealed record CompanionFile(string Name, string Text);

/// <summary>The data format of one trainer.</summary>
internal abstract class ExportFormat
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Who reads the format, for the help.</summary>
    public abstract string About { get; }

    /// <param name="splits">The splits that have records.</param>
    public virtual IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn) => [];
}
