using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>A proposed call that the tool's schema takes.</summary>
internal sealed record ReadCall(ToolSpec Tool, JsonMap Arguments)
{
    public override string ToString() => $"{Tool.Name}({Arguments})";
}

/// <summary>The first stage: tools, arguments and words of a proposal by themselves, without a database.</summary>
internal static class ProposalFormat
{
    /// <summary>Longer ones are no notes for a person.</summary>
    private const int LongestInstruction = 6000;

    /// <summary>Recorded benchmarks have up to five writes in a task.</summary>
    private const int MaxActions = 12;

    public static IReadOnlyList<ReadCall> Read(Pack pack, Proposal proposal, List<ProposalFault> faults)
    {
        Words(proposal, faults);
        if (proposal.Actions.Length > MaxActions)
            faults.Add(new(ProposalFaults.Shape, $"there are {proposal.Actions.Length} actions; {MaxActions} are allowed"));
        var calls = new List<ReadCall>();
        for (var i = 0; i < proposal.Actions.Length; i++)
        {
            var action = proposal.Actions[i];
            if (pack.Tools.Find(action.Tool) is not { Kind: not ToolKind.Transfer } tool)
                faults.Add(new(ProposalFaults.Tool, $"action {i + 1} names \"{action.Tool}\", which is no tool that may be used"));
            else if (ProblemOf(tool, action.Arguments, out var arguments) is { } problem)
                faults.Add(new(ProposalFaults.Arguments, $"action {i + 1}, {tool.Name}({action.Arguments}): {problem}"));
            else
                calls.Add(new(tool, arguments!));
        }

        return calls;
    }

    private static void Words(Proposal proposal, List<ProposalFault> faults)
    {
        var words = proposal.Instruction;
        var problem =
            words.Length == 0 ? "the instruction is empty"
            : words.Length > LongestInstruction ? $"the instruction has {words.Length} characters; {LongestInstruction} are allowed"
            : words.Contains("###", StringComparison.Ordinal) ? "the instruction holds a mark with ###, which only the player writes"
            : proposal.Reason.Length == 0 ? "the reason is empty"
            : null;
        if (problem is not null)
            faults.Add(new(ProposalFaults.Words, problem));
    }

    private static string? ProblemOf(ToolSpec tool, string text, out JsonMap? arguments)
    {
        arguments = null;
        if (!Json.TryParse(text, out var value, out var mistake))
            return $"the arguments are no JSON ({mistake!.Message})";
        if (value is not JsonMap map)
            return "the arguments must be a JSON object";
        if (SchemaCheck.Fault(tool.Definition.Parameters, map) is { } fault)
            return fault;
        if (ArgumentSpelling.Misspelled(tool, map) is { } path)
            return $"{path} is a whole number and must be written without a decimal point";
        arguments = map;
        return null;
    }
}
