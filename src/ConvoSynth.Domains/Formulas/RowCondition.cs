using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

/// <summary>
/// A condition on one row, written as a formula of <c>intents.yaml</c>. Unqualified names are the row's fields; the pack's own
/// functions may be called.
/// </summary>
public sealed class RowCondition(Pack pack, string formula)
{
    private static readonly Dictionary<string, EntityRow> NoSlots = [];
    private static readonly Dictionary<string, JsonMap> NoEntries = [];

    private readonly Formula _formula = FormulaParser.Parse(formula, pack.Tools.Functions);

    /// <summary>Whether the row, as it is in this state, satisfies the condition; always false for a row without an owner.</summary>
    public bool Holds(Db db, EntityRow row) =>
        pack.Rows.Owner(db, row) is { } owner
        && _formula.Holds(
            new()
            {
                Pack = pack,
                Db = db,
                Owner = owner,
                Slots = NoSlots,
                Entries = NoEntries,
                Candidate = row,
            }
        );

    /// <summary>The error in a formula; null if it parses.</summary>
    internal static string? Fault(Pack pack, string formula)
    {
        try
        {
            FormulaParser.Parse(formula, pack.Tools.Functions);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
