using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Renders a scenario as the instruction that the simulated human gets.</summary>
public static class InstructionWriter
{
    public static string Write(Scenario scenario, Persona persona, Seed seed) =>
        $"{persona.Manner}. {scenario.Reason}. {string.Join(" ", scenario.Requests.Select(r => $"You want to {r.Words}."))} {string.Join(" ", scenario.Facts.Select(f => $"{f.Label}: {f.Said}."))} You are done when {scenario.StopWhen}.";
}
