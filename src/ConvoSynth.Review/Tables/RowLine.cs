namespace ConvoSynth.Review.Tables;

/// <summary>One row in a list.</summary>
public sealed record RowLine(
    string Id,
    long Index,
    string Domain,
    string? Intent,
    string? Slice,
    string Status,
    IReadOnlyList<string> Reasons,
    string? Planted,
    int Messages,
    int Calls,
    double? Cost
);

/// <summary>A value and how many rows have it.</summary>
public sealed record Counted(string Name, long Rows);

/// <summary>A value with the rows of each status that have it.</summary>
public sealed record StatusCounts(string Name, long Accepted, long Undecided, long Rejected, long Failed)
{
    public long All => Accepted + Undecided + Rejected + Failed;
}
