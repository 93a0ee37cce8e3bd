using ConvoSynth.Export.Examples;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Privacy;

/// <summary>What happens to rows with personal data.</summary>
public enum PersonalDataRule
{
    /// <summary>Rows are not looked at.</summary>
    None,

    /// <summary>Values are counted, and the places of the first are named.</summary>
    Report,

    /// <summary>Rows are left out as well.</summary>
    Drop,
}

/// <param name="OfWorld">Values that stand in the database or the task of their row: they are made up, unless the database is not.</param>
/// <param name="Other">Values that a model wrote, and nothing made up holds.</param>
/// <param name="Rows">The rows with such values.</param>
public sealed record PersonalCount(long OfWorld, long Other, long Rows);

/// <summary>A value that comes from nowhere: where it stands, and how it begins.</summary>
public sealed record PersonalFinding(string Id, int Message, string Kind, string Shown);

/// <summary>The personal data of an export's rows.</summary>
/// <param name="Kinds">By kind; a kind that no row has is left out.</param>
/// <param name="Findings">The first values that come from nowhere, shortened.</param>
public sealed record PersonalReport(IReadOnlyDictionary<string, PersonalCount> Kinds, IReadOnlyList<PersonalFinding> Findings);

/// <summary>Counts the personal data of rows.</summary>
/// <param name="isKnown">Whether a value stands in a row's database or task.</param>
internal sealed class PersonalTally(Func<ShardRow, PersonalValue, bool> isKnown)
{
    // Enough to look at; all are counted.
    private const int Kept = 100;

    private readonly SortedDictionary<string, PersonalCount> _kinds = new(StringComparer.Ordinal);
    private readonly List<PersonalFinding> _findings = [];

    public PersonalReport Report => new(_kinds, _findings);

    /// <summary>Counts a row's values.</summary>
    /// <returns>The reason to leave the row out; null if nothing in it comes from nowhere.</returns>
    public string? Reason(ShardRow row)
    {
        var messages = RowExamples.MessagesOf(row);
        string? reason = null;
        var counted = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Length; i++)
        {
            // The policy is the pack's own text.
            if (messages[i].Speaker == Speaker.System)
                continue;
            foreach (var value in PersonalScan.Of(messages[i]))
            {
                var count = _kinds.GetValueOrDefault(value.Kind) ?? new(0, 0, 0);
                if (isKnown(row, value))
                {
                    _kinds[value.Kind] = count with { OfWorld = count.OfWorld + 1 };
                    continue;
                }

                _kinds[value.Kind] = count with { Other = count.Other + 1, Rows = count.Rows + (counted.Add(value.Kind) ? 1 : 0) };
                reason ??= $"personal data: {value.Kind}";
                if (_findings.Count < Kept)
                    // The report must not become the leak.
                    _findings.Add(new(row.Id, i, value.Kind, $"{value.Value[..2]}…{value.Value[^1]}"));
            }
        }

        return reason;
    }
}
