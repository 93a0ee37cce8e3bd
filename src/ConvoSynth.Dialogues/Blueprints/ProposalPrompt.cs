using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>What a proposer is told, and the shape of its answer.</summary>
internal static class ProposalPrompt
{
    private const string Nothing = "(none)";

    /// <summary>The thought comes first: a server that enforces the order makes the model think before it writes.</summary>
    public static Json Schema { get; } =
        Schemas.Object(
            ("thought", Schemas.Text),
            ("reason", Schemas.Text),
            ("instruction", Schemas.Text),
            ("actions", ListOf(Schemas.Object(("tool", Schemas.Text), ("arguments", Schemas.Text)))),
            (
                "outputs",
                ListOf(Schemas.Object(("question", Schemas.Text), ("value", Schemas.Text), ("field", Schemas.Text), ("row", Schemas.Text)))
            )
        );

    /// <param name="feedback">What is wrong with the proposal before; null for the first.</param>
    public static RenderedPrompt Of(PromptSet prompts, Pack pack, ProposalContext context, string? feedback) =>
        prompts.Proposer.Render(
            ("title", pack.Domain.Title),
            ("now", pack.Domain.Clock.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
            ("policy", pack.Policy.Text),
            ("tools", string.Join('\n', pack.Tools.All.Where(t => t.Kind != ToolKind.Transfer).Select(Tool))),
            ("wanted", Wanted(pack, context)),
            ("persona", context.Persona.Manner),
            ("records", Lines(context.Records)),
            ("examples", Lines(context.Examples.Select(e => e.Task.ToJson().ToString()))),
            ("feedback", feedback ?? Nothing)
        );

    /// <summary>The faults as they are, for a proposer without a summarizer.</summary>
    public static string Listed(IEnumerable<ProposalFault> faults) =>
        string.Join('\n', faults.Select((f, i) => $"{i + 1}. [{f.Check}] {f.Message}"));

    private static string Tool(ToolSpec tool) =>
        $"- {tool.Name} ({(tool.Writes ? "changes data" : "reads")}): {tool.Definition.Description} {tool.Definition.Parameters}";

    private static string Wanted(Pack pack, ProposalContext context)
    {
        var tools = $"Tools: {string.Join(", ", context.Tools)}";
        return context.Clauses.IsEmpty
            ? tools
            : $"{tools}\nClauses: {string.Join("; ", context.Clauses.Select(c => $"{c} {pack.Policy.Clause(c)?.Text}"))}";
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines) is { Length: > 0 } text ? text : Nothing;

    private static JsonMap ListOf(Json items) => Json.Map(("type", "array"), ("items", items));
}
