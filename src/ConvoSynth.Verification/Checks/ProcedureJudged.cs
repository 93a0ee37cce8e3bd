using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.judged</c>: clauses that only a person or a model can judge. If the rule of a clause defines where it applies, a dialogue
/// is unsure in which it applies without a signal that it was kept. The other clauses are listed as skipped, so that a row shows what no
/// check looked at.
/// </summary>
internal sealed class ProcedureJudged : ICheck
{
    private static readonly CheckName Name = new("procedure", "judged", CheckKind.Language);

    private readonly Verdict? _skipped;
    private readonly JudgedClause[] _clauses;

    public ProcedureJudged(Pack pack)
    {
        var book = new RuleBook(pack);
        var rules = book.Of("judge");
        _clauses =
        [
            .. book.Of("judge", "applies")
                .Where(r => r.Tools.Count > 0 || !r.Options["weighs"].IsNull)
                .Select(r => new JudgedClause(pack, book, r)),
        ];
        string[] left =
        [
            .. rules
                .Where(r => r.Options["applies"].IsNull && r.Options["weighs"].IsNull)
                .Select(r => r.Clause.Number)
                .Distinct(StringComparer.Ordinal),
        ];
        _skipped = left.Length > 0 ? Name.Skipped($"left to a judge: clauses {string.Join(", ", left)}") : null;
    }

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var clause in _clauses)
            clause.Judge(trace, ref findings);
        if (findings.Any)
            return;
        if (_skipped is not null)
            verdicts.Add(_skipped);
        else if (_clauses.Length > 0)
            findings.Close();
    }
}
