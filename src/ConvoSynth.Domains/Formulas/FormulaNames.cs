using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.Formulas;

/// <summary>The slots that a formula names.</summary>
internal static class FormulaNames
{
    public static IEnumerable<string> Of(Formula formula) =>
        formula switch
        {
            NamePath path => [path.Head],
            Operation operation => Of(operation.Left).Concat(Of(operation.Right)),
            Negation negation => Of(negation.Inner),
            FunctionCall call => call.Arguments.SelectMany(Of),
            PackCall call => call.Arguments.SelectMany(Of),
            Aggregate aggregate => (aggregate.Of is null ? [] : new[] { aggregate.Of }).Concat(
                aggregate.Where is null ? [] : Of(aggregate.Where)
            ),
            _ => [],
        };

    /// <summary>The names in the formulas of an argument.</summary>
    public static IEnumerable<string> Of(ArgumentSpec value) =>
        value switch
        {
            ValueOf of => Of(of.Formula),
            ListOf list => list.Items.SelectMany(Of),
            RecordOf record => record.Parts.SelectMany(p => Of(p.Value)),
            _ => [],
        };
}
