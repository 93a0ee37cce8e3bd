using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Makes calls on fresh environments, audits each for exceptions, writes and result, and counts per tool. For each tool, only the first
/// error of a kind is reported.
/// </summary>
internal sealed class ToolCoverage(Pack pack, Func<string, int> lineOf)
{
    private const string Defect = "defect";

    private readonly Dictionary<string, (int Succeeded, int Failed)> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Tool, string Kind)> _reported = [];

    public List<PackDiagnostic> Faults { get; } = [];

    public (int Succeeded, int Failed) Of(ToolSpec tool) => _counts.GetValueOrDefault(tool.Name);

    /// <summary>Whether a call of the tool broke, or wrote a value that its field does not take.</summary>
    public bool IsDefective(ToolSpec tool) => _reported.Contains((tool.Name, Defect));

    public void Fail(ToolSpec tool, string kind, string reason)
    {
        if (_reported.Add((tool.Name, kind)))
            Faults.Add(new("Tools.cs", lineOf(tool.Name), $"{tool.Name}: {reason}"));
    }

    /// <summary>Makes the call; null if the pack broke on it, or wrote a value that its field does not take.</summary>
    public CallResult? Call(DialogueEnvironment environment, ToolSpec tool, JsonMap arguments)
    {
        var result = environment.Call(tool, arguments);
        if (result.Defect is { } defect)
        {
            Fail(tool, Defect, defect);
            return null;
        }

        Audit(environment, tool, arguments, result);
        var (succeeded, failed) = Of(tool);
        _counts[tool.Name] = result.IsError ? (succeeded, failed + 1) : (succeeded + 1, failed);
        return result;
    }

    /// <summary>Tests a guard; null if the call names no such row, or if the guard threw (then an error is reported).</summary>
    public bool? Test(DialogueEnvironment environment, ToolSpec tool, GuardSpec guard, JsonMap arguments)
    {
        try
        {
            return pack.Guards.Test(environment.Db, tool, guard, arguments);
        }
        catch (PackDefect e)
        {
            Fail(tool, guard.Name, e.Message);
            return null;
        }
    }

    private void Audit(DialogueEnvironment environment, ToolSpec tool, JsonMap arguments, CallResult result)
    {
        if (environment.Db.Writes.Count == 0)
            return;
        var first = environment.Db.Writes[0];
        if (!tool.Writes)
            Fail(tool, "reads", $"is no [Write], but wrote {first.Table}/{first.Key} on {arguments}");
        else if (result.IsError)
            Fail(tool, "half", $"returned \"{result.Text}\" on {arguments}, but had already written {first.Table}/{first.Key}");
        else if (ChangeAudit.Undeclared(pack.Domain, tool, environment.Diff()) is { } change)
            Fail(tool, "changes", $"changed {change}, which its Changes (\"{string.Join(' ', tool.Changes)}\") does not declare");
    }
}
