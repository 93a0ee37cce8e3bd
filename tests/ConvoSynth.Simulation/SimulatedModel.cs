using ConvoSynth.Core;
using ConvoSynth.Models;

namespace ConvoSynth.Simulation;

/// <summary>How a campaign's models fail: part of the campaign, so that its rows are the same with and without mishaps.</summary>
/// <param name="Throws">Index and role of models that throw at their second message.</param>
/// <param name="Silent">Index and role of models that never answer at their second message.</param>
/// <param name="Spoiled">Index → number of attempts in which the human breaks its role.</param>
internal sealed record ModelPlan(
    IReadOnlySet<(long, ModelRole)> Throws,
    IReadOnlySet<(long, ModelRole)> Silent,
    IReadOnlyDictionary<long, int> Spoiled
);

/// <summary>The model of one process: the plan's model, with slow answers and transient failures.</summary>
internal sealed class SimulatedModel(
    IChatModel inner,
    ModelPlan plan,
    SeededRandom random,
    Mishaps mishaps,
    TimeProvider time,
    Figures figures
) : IChatModel
{
    // Few enough that the caller does not give up on a transient failure.
    private const int PassingFailures = 2;

    private readonly Dictionary<(DialogueKey, ModelRole, int), int> _passing = [];

    public string Name => inner.Name;

    public object? Open(DialogueOpening opening) => inner.Open(opening);

    public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        var who = (request.Dialogue.Index, request.Role);
        if (request.Step == 1 && plan.Throws.Contains(who))
        {
            figures.ThrowingModels++;
            throw new InvalidDataException("the model is out of words");
        }

        if (request.Step == 1 && plan.Silent.Contains(who))
        {
            figures.SilentModels++;
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        if (random.Chance(mishaps.TransientModel))
        {
            var key = (request.Dialogue, request.Role, request.Step);
            var before = _passing.GetValueOrDefault(key);
            if (before < PassingFailures)
            {
                _passing[key] = before + 1;
                figures.TransientModels++;
                throw new TransientModelException("the endpoint is busy");
            }
        }

        if (random.Chance(mishaps.SlowModel))
        {
            figures.SlowModels++;
            request.LendPermit?.Invoke();
            var wait = random.Chance(0.8) ? random.Between(10, 5_000) : random.Between(5_000, 100_000);
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        }

        var response = await inner.Respond(request, cancellationToken);
        var isSpoiled =
            request is { Role: ModelRole.Human, Step: 0 }
            && plan.Spoiled.GetValueOrDefault(request.Dialogue.Index) > request.Dialogue.Attempt;
        return isSpoiled
            ? response with
            {
                Message = response.Message with { Content = $"{response.Message.Content} {PlannedFaults.Mark}" },
            }
            : response;
    }
}
