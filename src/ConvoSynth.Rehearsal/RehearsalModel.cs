using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// The built-in scripted model. It plays the human and the agent from the blueprint, offline. Its messages are a function of pack,
/// blueprint, seed and options, so both roles know the same script if they get the same seed. It is no language model and does not read
/// its input: against a partner that departs from the script, it continues with its own lines.
/// </summary>
public sealed class RehearsalModel : IChatModel
{
    /// <summary>The model's name in rows.</summary>
    public const string ModelName = "rehearsal";

    private static readonly ModelResponse HumanHasNoMore = Script.Text(StopMarks.Stop, null);
    private static readonly ModelResponse AgentHasNoMore = Script.Text("Is there anything else I can help you with?", null);

    private readonly Func<Blueprint, Pack> _packOf;
    private readonly RehearsalOptions _options;
    private readonly TimeProvider _time;
    private readonly RecentScripts _recent = new();

    /// <summary>A model for all tasks whose pack <paramref name="packOf"/> knows.</summary>
    /// <param name="packOf">Returns the pack of a task, over the database that the task is about.</param>
    /// <param name="options">How to play; the defaults plant no faults and answer at once.</param>
    /// <param name="time">The clock for the latency; the system's by default.</param>
    public RehearsalModel(Func<Blueprint, Pack> packOf, RehearsalOptions? options = null, TimeProvider? time = null)
    {
        _packOf = packOf;
        _options = options ?? new();
        _time = time ?? TimeProvider.System;
    }

    public string Name => ModelName;

    public object? Open(DialogueOpening opening)
    {
        var script = _recent.Take(opening.Script, opening.Seed);
        if (script is null)
        {
            script = Script.Compose(_packOf(opening.Script), opening.Script, opening.Seed, _options);
            _recent.Keep(opening.Script, opening.Seed, script);
        }

        return opening.Role == ModelRole.Human ? script.Human : script.Agent;
    }

    public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Session is not IReadOnlyList<ModelResponse> turns)
            throw new InvalidOperationException(
                $"the dialogue {request.Dialogue} was not opened: pass what Open returned as the request's Session"
            );
        var response =
            request.Step < turns.Count ? turns[request.Step]
            : request.Role == ModelRole.Human ? HumanHasNoMore
            : AgentHasNoMore;
        return _options.Latency == TimeSpan.Zero ? new(response) : Later(response, cancellationToken);
    }

    private async ValueTask<ModelResponse> Later(ModelResponse response, CancellationToken cancellationToken)
    {
        await Task.Delay(_options.Latency, _time, cancellationToken);
        return response;
    }
}
