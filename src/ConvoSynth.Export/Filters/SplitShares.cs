using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Filters;

/// <summary>
/// Divides rows into train, validation and test by a hash of their world, or of their family in a run of one world. So no world and no
/// task stands on two sides, and a row keeps its side whatever else is exported.
/// </summary>
public sealed record SplitShares
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";

    /// <value>The share of worlds or families in the validation set, 0 to 0.5. Default 0.</value>
    public double ValidationShare { get; init; }

    /// <value>The share of worlds or families in the test set, 0 to 0.5. Default 0.</value>
    public double TestShare { get; init; }

    /// <summary>What is wrong with the shares, as a sentence; null if nothing is.</summary>
    public string? Problem() =>
        ValidationShare is >= 0 and <= 0.5 && TestShare is >= 0 and <= 0.5
            ? null
            : $"the shares of validation ({ValidationShare}) and test ({TestShare}) must be from 0 to 0.5";

    /// <summary>The split of a row; its domain, world, pack hash and family decide.</summary>
    public string Of(ShardRow row)
    {
        if (ValidationShare <= 0 && TestShare <= 0)
            return Train;
        var world = row.World.IsEmpty ? "" : Encoding.UTF8.GetString(row.World.Span);
        var key = world.Length > 0 ? $"{row.Domain}\n{world}" : $"{row.Domain}\n{row.PackHash}\n{row.FamilyId ?? row.Id}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        var place = (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
        return place < TestShare ? Test
            : place < TestShare + ValidationShare ? Validation
            : Train;
    }
}
