using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>procedure.judged</c>: clauses that only a person or a model can check. Of one whose rule tells what it applies to, a dialogue in which it applies and nothing
/// shows that it was kept is unsure; the others are named, so that a row says what nobody looked at.
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
