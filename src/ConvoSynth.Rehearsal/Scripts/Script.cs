using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Rehearsal;

/// <summary>What both roles will say, each in order.</summary>
internal sealed record Script(IReadOnlyList<ModelResponse> Human, IReadOnlyList<ModelResponse> Agent)
{
    /// <summary>The human says this when done (tau-bench's convention).</summary>
    public const string Stop = "###STOP###";

    /// <summary>Composes the script: draws whether and how the agent errs, then writes the turns.</summary>
    public static Script Compose(Pack pack, Blueprint blueprint, Seed seed, RehearsalOptions options)
    {
        var fault = options.FaultRate > 0 && seed.For("faulty").Random().Chance(options.FaultRate)
            ? FaultDrawing.Draw(pack, blueprint, seed.For("fault"), options.FaultKinds)
            : null;
        return new ScriptWriter(pack, blueprint, seed, fault).Write();
    }

    internal static ModelResponse Text(string text, string? fault) =>
        new() { Message = Message.Assistant(text), Model = RehearsalModel.ModelName, Finish = FinishReason.Stop, PlantedFault = fault };

    internal static ModelResponse Call(string? text, ToolCall call, string? fault) => new()
    {
        Message = new() { Role = MessageRole.Assistant, Content = text, ToolCalls = [call] },
        Model = RehearsalModel.ModelName, Finish = FinishReason.ToolCalls, PlantedFault = fault,
    };
}
