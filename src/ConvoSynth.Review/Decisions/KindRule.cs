using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Review.Decisions;

/// <summary>
/// When the rest of a kind may be decided at once: after enough rows of it were decided without a look at their verdicts, and all alike.
/// </summary>
/// <param name="Accepted">Rows of the kind that were accepted so.</param>
/// <param name="Rejected">Rows of the kind that were rejected so.</param>
/// <param name="Open">Rows of the kind without a decision, but for the sample.</param>
/// <param name="Sample">Open rows of the sample: they stay with people, who thereby check the rule.</param>
public sealed record KindRule(int Accepted, int Rejected, int Open, int Sample)
{
    /// <summary>How many blind decisions are needed. Twenty that agree leave a rate of exceptions below 17 %, at 95 %.</summary>
    public const int Needed = 20;

    /// <summary>One row in so many stays with people.</summary>
    public const int SampleOf = 50;

    /// <summary>The ruling that may be extended to the rest; null while there are too few decisions, or they differ.</summary>
    public Ruling? Offer =>
        Accepted >= Needed && Rejected == 0 ? Ruling.Accept
        : Rejected >= Needed && Accepted == 0 ? Ruling.Reject
        : null;

    public static KindRule Of(IReadOnlyList<string> rows, Standing standing)
    {
        var (accepted, rejected, open, sample) = (0, 0, 0, 0);
        foreach (var row in rows)
        {
            var decisions = standing.Of(row).Where(d => d.Ruling != Ruling.Defer).ToArray();
            if (decisions.Length == 0)
                _ = IsSample(row) ? sample++ : open++;
            foreach (var decision in decisions.Where(d => d.Blind))
                _ = decision.Ruling == Ruling.Reject ? rejected++ : accepted++;
        }

        return new(accepted, rejected, open, sample);
    }

    /// <summary>Whether a row is of the sample that no rule decides.</summary>
    public static bool IsSample(string row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(row), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash) % SampleOf == 0;
    }

    /// <summary>
    /// The rulings that rules give to rows. A row that no rule decides, or that rules decide differently, is not among them.
    /// </summary>
    /// <param name="rowsOf">The rows of a kind.</param>
    public static IReadOnlyDictionary<string, Decision> Rulings(Standing standing, Func<DecidedKind, IEnumerable<string>> rowsOf)
    {
        var rulings = new Dictionary<string, Decision?>(StringComparer.Ordinal);
        foreach (var rule in standing.Kinds)
        {
            foreach (var row in rowsOf(rule.Kind!).Where(row => !IsSample(row) && standing.Of(row).All(d => d.Ruling == Ruling.Defer)))
                rulings[row] = rulings.TryGetValue(row, out var other) && other?.Ruling != rule.Ruling ? null : rule;
        }

        return rulings.Where(r => r.Value is not null).ToDictionary(r => r.Key, r => r.Value!, StringComparer.Ordinal);
    }
}
