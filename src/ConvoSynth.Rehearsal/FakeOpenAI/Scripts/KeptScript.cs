using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>One dialogue's lines. Immutable; composing it again gives the same lines.</summary>
/// <param name="Seed">Seed of the script, independent of the run's name: failures and latencies are drawn from it.</param>
/// <param name="Instruction">The blueprint's instruction in the sampler's words.</param>
/// <param name="Human">The model's session for the human.</param>
/// <param name="Agent">The model's session for the agent.</param>
internal sealed record KeptScript(Seed Seed, string Instruction, IChatModel Model, object? Human, object? Agent)
{
    /// <summary>The proposal that the dialogue's task came from; null for a sampled task.</summary>
    public ScriptedProposal? Proposal { get; init; }

    /// <summary>The kind of the planted fault; null if none is planted.</summary>
    public string? PlantedFault { get; } = Lines(Human).Concat(Lines(Agent)).Select(r => r.PlantedFault).FirstOrDefault(f => f is not null);

    /// <summary>The role's line at a step, as the model returns it.</summary>
    public async ValueTask<ModelResponse> Line(CallKey key, ModelRole role, CancellationToken cancellationToken)
    {
        var line = await Model.Respond(
            new()
            {
                Dialogue = key.Dialogue,
                Role = role,
                Step = key.Step,
                System = "",
                Messages = [],
                Session = role == ModelRole.Human ? Human : Agent,
            },
            cancellationToken
        );
        // As a model that is asked for thoughts in its text gives them.
        return line.Message.Reasoning?.Text is { } thought
            ? line with
            {
                Message = line.Message with { Reasoning = null, Content = $"<think>{thought}</think>{line.Message.Content}" },
            }
            : line;
    }

    private static IEnumerable<ModelResponse> Lines(object? session) => session as IReadOnlyList<ModelResponse> ?? [];
}
