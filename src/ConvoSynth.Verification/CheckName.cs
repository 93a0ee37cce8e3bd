using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification;

/// <summary>A check's identity, and a shared instance of its pass verdict.</summary>
internal sealed class CheckName(string stage, string check, CheckKind kind = CheckKind.Exact)
{
    public Verdict Pass { get; } =
        new()
        {
            Stage = stage,
            Check = check,
            Kind = kind,
            Outcome = Outcome.Pass,
        };

    public Verdict Of(Outcome outcome, Fault fault, int? message, string evidence) =>
        new()
        {
            Stage = stage,
            Check = check,
            Kind = kind,
            Outcome = outcome,
            Fault = fault,
            Message = message,
            Evidence = evidence,
        };

    public Verdict Noted(int? message, string evidence) => Of(Outcome.Noted, Fault.None, message, evidence);

    public Verdict Skipped(string evidence) => Of(Outcome.Skipped, Fault.None, null, evidence);
}

/// <summary>The findings of one check in one dialogue: up to 5 verdicts, or one pass.</summary>
internal ref struct Findings(CheckName name, ImmutableArray<Verdict>.Builder verdicts)
{
    /// <summary>Maximum number of verdicts per check and dialogue; more would only lengthen the row.</summary>
    private const int Most = 5;

    private int _found;

    public readonly bool Any => _found > 0;

    public void Fail(Fault fault, int? message, string evidence) => Add(name.Of(Outcome.Fail, fault, message, evidence));

    public void Unsure(int? message, string evidence) => Add(name.Of(Outcome.Unsure, Fault.None, message, evidence));

    /// <summary>Records a pass if nothing was found.</summary>
    public readonly void Close()
    {
        if (_found == 0)
            verdicts.Add(name.Pass);
    }

    private void Add(Verdict verdict)
    {
        if (_found++ < Most)
            verdicts.Add(verdict);
    }
}
