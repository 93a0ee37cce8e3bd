using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Turns the faults of a proposal into advice: by a model, or as a list without one.</summary>
internal sealed class ProposalSummary(IStructuredModel? model, PromptSet prompts)
{
    private static readonly Json Schema = Schemas.Object(("advice", Schemas.Text));

    /// <param name="proposal">The proposal as the model wrote it; empty if it was unreadable.</param>
    public async ValueTask<(string Advice, ImmutableArray<ModelCall> Calls)> Of(
        string proposal,
        ImmutableArray<ProposalFault> faults,
        CallKey key,
        IJournal? journal,
        CancellationToken cancellationToken
    )
    {
        var listed = ProposalPrompt.Listed(faults);
        if (model is null)
            return (Beside(proposal, listed), []);
        var rendered = prompts.ProposalSummary.Render(("proposal", proposal), ("reasons", listed));
        var response = await model.Ask(
            new()
            {
                Key = key,
                System = rendered.System,
                User = rendered.User,
                SchemaName = "summary",
                Schema = Schema,
                Problem = a => string.IsNullOrWhiteSpace(a["advice"].Text) ? "the advice is empty" : null,
                Journal = journal,
            },
            cancellationToken
        );
        // A summarizer that fails must not cost the proposal its next round.
        return (Beside(proposal, response.Value?["advice"].Text ?? listed), response.Calls);
    }

    private static string Beside(string proposal, string advice) => proposal.Length == 0 ? advice : $"{proposal}\n\n{advice}";
}
