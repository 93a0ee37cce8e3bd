using System.Globalization;
using System.Text;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>The result of acceptance: the errors found, and how much of the pack was tried.</summary>
public sealed record AcceptanceReport
{
    public required string Pack { get; init; }

    public required IReadOnlyList<PackDiagnostic> Faults { get; init; }

    public bool IsAccepted => Faults.Count == 0;

    public int Reads { get; init; }

    public int Writes { get; init; }

    public int Clauses { get; init; }

    public int Guards { get; init; }

    public int Rows { get; init; }

    public int Cases { get; init; }

    /// <summary>Per tool, the outcome of its trials over rows.</summary>
    public IReadOnlyList<ToolTrialResult> Tools { get; init; } = [];

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Pack}: {(IsAccepted ? "accepted" : "refused")}, {Reads} reads, {Writes} writes, {Clauses} clauses, {Guards} guards, "
                + $"{Rows} rows, {Cases} cases\n"
        );
        foreach (var fault in Faults)
            text.Append(CultureInfo.InvariantCulture, $"  {fault}\n");
        foreach (var tool in Tools)
            text.Append(CultureInfo.InvariantCulture, $"  {tool}\n");
        return text.ToString();
    }
}

/// <summary>How often a tool was called, and how the calls ended.</summary>
public sealed record ToolTrialResult(string Tool, int Trials, int Succeeded, int Failed, IReadOnlyList<GuardTrialResult> Guards)
{
    public override string ToString() =>
        $"{Tool}: {Trials} trials, {Succeeded} calls succeeded, {Failed} failed{string.Concat(Guards.Select(g => $"; {g}"))}";
}

/// <summary>
/// On how many distinct rows a guard of a tool held and was broken; distinct calls where the guard also takes arguments.
/// </summary>
public sealed record GuardTrialResult(string Guard, string Clause, int Holds, int Broken)
{
    public override string ToString() => $"{Guard} ({Clause}) holds {Holds}, broken {Broken}";
}
