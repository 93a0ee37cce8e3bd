namespace ConvoSynth.Shards.Runs;

/// <summary>The one number of what a run folder is made of: the names in it, its rows, its commit logs and its journals.</summary>
public static class RunFormat
{
    /// <summary>
    /// Raise it with any change to one of them: a run goes on in the format that it was begun in, and a program reads formats up to its
    /// own. 1: shards by our own writer. 2: shards by Parquet.Net. 3: undecided rows in shards of their own, no longer among the rejected; profiles.
    /// </summary>
    public const int Current = 3;

    /// <summary>The first format that tells undecided rows from rejected ones.</summary>
    public const int TellsUndecided = 3;
}
