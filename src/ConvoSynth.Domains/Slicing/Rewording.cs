using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>A task with another scenario, and the instruction that says it.</summary>
internal static class Rewording
{
    public static Blueprint Of(Blueprint task, Scenario scenario) =>
        task with
        {
            Scenario = scenario,
            Instruction = InstructionWriter.Write(scenario, task.Persona, SeedOf(task).For("instruction")),
        };

    private static Seed SeedOf(Blueprint task) => new(Convert.ToUInt64(task.Seed, 16));
}
