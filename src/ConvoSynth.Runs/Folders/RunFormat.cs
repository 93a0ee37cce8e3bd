namespace ConvoSynth.Runs.Folders;

/// <summary>One version number for everything in a run folder: names, rows, commit logs and journals.</summary>
public static class RunFormat
{
    /// <summary>
    /// Raise it with any change to these. A run continues in the format that it began in, and a program reads formats up to its own.
    /// 1: shards by our own writer. 2: shards by Parquet.Net. 3: undecided rows in their own shards instead of the rejected ones;
    /// profiles. 4: worlds. 5: needed calls, pass rates and changing tools; shards of a partition's second and later owners have the
    /// epoch in their names.
    /// </summary>
    public const int Current = 5;

    /// <summary>The first format that separates undecided from rejected rows.</summary>
    public const int TellsUndecided = 3;

    /// <summary>The first format whose rows name their world.</summary>
    public const int TellsWorlds = 4;
}
