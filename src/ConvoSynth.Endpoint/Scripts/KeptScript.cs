using ConvoSynth.Core;
using ConvoSynth.Models;

namespace ConvoSynth.Endpoint;

/// <summary>One dialogue's lines. Immutable; made again it is the same.</summary>
/// <param name="Seed">Of the script, whatever the run's name: what failures and latencies are drawn from.</param>
/// <param name="Instruction">The sampled words of the blueprint's instruction.</param>
/// <param name="Human">What the model opened for the human.</param>
/// <param name="Agent">What the model opened for the agent.</param>
internal sealed record KeptScript(Seed Seed, string Instruction, IChatModel Model, object? Human, object? Agent)
{
    /// <summary>The role's line at a step, as the model itself gives it.</summary>
    public ValueTask<ModelResponse> Line(CallKey key, ModelRole role, CancellationToken cancellationToken) =>
        Model.Respond(
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
}
