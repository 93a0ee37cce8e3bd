using System.Text.RegularExpressions;
using ConvoSynth.Domains.Formulas;

namespace ConvoSynth.Domains.Intents;

/// <summary>
/// Joins intents into one over one person's rows. Slots of the second and later parts get names of their own, since every part calls its
/// order <c>o</c>. The parts stay independent: slots never share a row.
/// </summary>
internal static partial class CombinedIntent
{
    /// <summary>The first part keeps its slots and goals, so a cell of that intent is a cell of the whole.</summary>
    /// <param name="parts">The second and later ones as <see cref="At"/> makes them.</param>
    public static IntentSpec Of(IReadOnlyList<IntentSpec> parts) =>
        parts[0] with
        {
            Slots = [.. parts.SelectMany(p => p.Slots)],
            Goals = [.. parts.SelectMany(p => p.Goals)],
        };

    /// <summary>An intent as a later part: its slots bear the number of their place.</summary>
    /// <param name="place">From 2.</param>
    public static IntentSpec At(IntentSpec part, int place)
    {
        var names = part.Slots.ToDictionary(s => s.Name, s => $"{s.Name}_{place}", StringComparer.Ordinal);
        return part with { Slots = [.. part.Slots.Select(s => Renamed(s, names))], Goals = [.. part.Goals.Select(g => Renamed(g, names))] };
    }

    private static SlotSpec Renamed(SlotSpec slot, Dictionary<string, string> names) =>
        slot with
        {
            Name = names[slot.Name],
            Of = slot.Of is { } of ? names.GetValueOrDefault(of, of) : null,
            Where = slot.Where is { } where ? Renamed(where, names) : null,
            Pick = slot.Pick is { } pick ? (pick.Smallest, Renamed(pick.By, names)) : null,
            Say = slot.Say is { } say ? Renamed(say, names) : null,
        };

    private static GoalSpec Renamed(GoalSpec goal, Dictionary<string, string> names) =>
        goal switch
        {
            DoGoal write => write with
            {
                With = [.. write.With.Select(w => (w.Parameter, Renamed(w.Value, names)))],
                Else = write.Else is { } fallback ? Renamed(fallback, names) : null,
                Say = write.Say is { } say ? Renamed(say, names) : null,
                Quotes = [.. write.Quotes.Select(q => (q.Label, Renamed(q.Amount, names)))],
            },
            IfGoal branch => branch with
            {
                Condition = Renamed(branch.Condition, names),
                Say = Renamed(branch.Say, names),
                Then = Renamed(branch.Then, names),
                Else = Renamed(branch.Else, names),
            },
            TellGoal tell => tell with { Answer = Renamed(tell.Answer, names), Say = Renamed(tell.Say, names) },
            _ => throw new NotSupportedException($"the goal {goal.GetType().Name} cannot be part of a combined task"),
        };

    private static ArgumentSpec Renamed(ArgumentSpec argument, Dictionary<string, string> names) =>
        argument switch
        {
            ValueOf value => new ValueOf(Renamed(value.Formula, names)),
            ListOf list => new ListOf([.. list.Items.Select(i => Renamed(i, names))]),
            RecordOf record => new RecordOf([.. record.Parts.Select(p => (p.Name, Renamed(p.Value, names)))]),
            _ => argument,
        };

    private static Formula Renamed(Formula formula, Dictionary<string, string> names) =>
        formula switch
        {
            NamePath path => path with { Head = names.GetValueOrDefault(path.Head, path.Head) },
            Operation operation => operation with { Left = Renamed(operation.Left, names), Right = Renamed(operation.Right, names) },
            Negation negation => new Negation(Renamed(negation.Inner, names)),
            FunctionCall call => call with { Arguments = [.. call.Arguments.Select(a => Renamed(a, names))] },
            PackCall call => call with { Arguments = [.. call.Arguments.Select(a => Renamed(a, names))] },
            Aggregate aggregate => aggregate with
            {
                Of = aggregate.Of is { } of ? names.GetValueOrDefault(of, of) : null,
                Where = aggregate.Where is { } where ? Renamed(where, names) : null,
            },
            _ => formula,
        };

    private static string Renamed(string template, Dictionary<string, string> names) =>
        SlotName().Replace(template, m => names.GetValueOrDefault(m.Value, m.Value));

    [GeneratedRegex(@"(?<=\{)\w+(?=[.|}])")]
    private static partial Regex SlotName();
}
