using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary><c>procedure.judged</c>: names the clauses that only a person or a model can check, so that a row says what nobody looked at.</summary>
internal sealed class ProcedureJudged(Pack pack) : ICheck
{
    private static readonly CheckName Name = new("procedure", "judged", CheckKind.Language);

    private readonly Verdict? _skipped = pack.Rules.Any(r => r.Rule == "judge")
        ? Name.Skipped($"left to a judge: clauses {string.Join(", ", pack.Rules.Where(r => r.Rule == "judge").Select(r => r.Clause).Distinct(StringComparer.Ordinal))}")
        : null;

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (_skipped is not null) verdicts.Add(_skipped);
    }
}
