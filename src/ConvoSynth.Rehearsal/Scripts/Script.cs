using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The messages of both roles, each in order.</summary>
internal sealed record Script(IReadOnlyList<ModelResponse> Human, IReadOnlyList<ModelResponse> Agent)
{
    private const int OwnFaults = 4;

    /// <summary>Composes the script: draws whether and how the agent errs, then writes the turns.</summary>
    public static Script Compose(Pack pack, Blueprint blueprint, Seed seed, RehearsalOptions options)
    {
        if (FailedSlice(pack, blueprint, seed, options) is { } failed)
            return failed;
        if (options.FaultRate > 0 && seed.For("faulty").Random().Chance(options.FaultRate))
        {
            foreach (var fault in FaultDrawing.Draw(pack, blueprint, seed.For("fault"), KindsFor(blueprint, options)))
            {
                var isOfThought = FaultKinds.OfThoughts.Contains(fault.Kind, StringComparer.Ordinal);
                var script = new ScriptWriter(pack, fault.Instead ?? blueprint, seed, isOfThought ? null : fault).Write();
                script = Thoughtful(script, isOfThought ? fault.Kind : null);
                if (script.Carries(fault))
                    return script;
            }
        }

        var slip =
            options.ErrorRate > 0
            && blueprint.Twist is not { Failures.IsEmpty: false }
            && seed.For("slips").Random().Chance(options.ErrorRate)
                ? new Slips(pack, blueprint, seed.For("slip").Random()).Draw()
                : null;
        return Thoughtful(new ScriptWriter(pack, blueprint, seed, null, slip).Write(), null);

        Script Thoughtful(Script script, string? fault) =>
            options.Thoughts ? new ScriptThoughts(pack, blueprint, seed.For("thoughts").Random()).Over(script, fault) : script;
    }

    // The agents that must fail a slice fail it at the rate of the slice; null if they are not drawn, or the task allows none of them.
    private static Script? FailedSlice(Pack pack, Blueprint blueprint, Seed seed, RehearsalOptions options)
    {
        foreach (var (slice, rate) in options.FailSlices)
        {
            if (slice != blueprint.Slice || !seed.For("fails slice").Random().Chance(rate))
                continue;
            foreach (var fault in FaultDrawing.Draw(pack, blueprint, seed.For("slice fault"), SliceAgents.Of(slice)!.Kinds))
            {
                var script = new ScriptWriter(pack, fault.Instead ?? blueprint, seed, fault).Write();
                if (script.Carries(fault))
                    return script;
            }
        }

        return null;
    }

    // A task of a slice can have the faults of its slice too, several times as often as any other kind.
    private static ImmutableArray<string> KindsFor(Blueprint blueprint, RehearsalOptions options)
    {
        var kinds = options.FaultKinds;
        if (kinds != FaultKinds.Drawn)
            return kinds;
        if (options.Thoughts)
            kinds = [.. kinds, .. FaultKinds.OfThoughts];
        return SliceAgents.Of(blueprint.Slice) is { KindsOfItsOwn: { IsEmpty: false } own }
            ? [.. kinds, .. Enumerable.Repeat(own, OwnFaults).SelectMany(k => k)]
            : kinds;
    }

    // The dialogue may end before the fault's turn, and a value that one message omits may occur in another.
    private bool Carries(FaultPlan fault) =>
        Human.Concat(Agent).Any(t => t.PlantedFault is not null)
        && (
            fault.Unsaid is not { } output
            || !Agent.Any(t =>
                t.Message.Content is { } text && output.Accepted.Append(output.Value).Any(v => FieldValues.Says(text, output.Type, v))
            )
        );

    internal static ModelResponse Text(string text, string? fault) =>
        new()
        {
            Message = Message.Assistant(text),
            Model = RehearsalModel.ModelName,
            Finish = FinishReason.Stop,
            PlantedFault = fault,
        };

    internal static ModelResponse Call(string? text, ImmutableArray<ToolCall> calls, string? fault) =>
        new()
        {
            Message = new()
            {
                Role = MessageRole.Assistant,
                Content = text,
                ToolCalls = calls,
            },
            Model = RehearsalModel.ModelName,
            Finish = FinishReason.ToolCalls,
            PlantedFault = fault,
        };
}
