using ConvoSynth.Core;
using ConvoSynth.Domains;
using Xunit.Abstractions;

namespace ConvoSynth.Rehearsal.Tests;

public sealed class Samples(ITestOutputHelper output)
{
    [Fact]
    public async Task Print()
    {
        for (var i = 0; i < 10; i++)
        {
            var blueprint = LoanTasks.All[i % LoanTasks.All.Length].With(LoanTasks.Pack.Personas[i % LoanTasks.Pack.Personas.Count]);
            output.WriteLine($"--- {blueprint.Id} {blueprint.Persona.Name}\n{InstructionWriter.Write(blueprint.Scenario, blueprint.Persona, new((ulong)i))}\n{await Playing.Play(LoanTasks.Pack, blueprint, (ulong)i)}");
        }

        for (var i = 0; i < 10; i++)
        {
            var kind = FaultKinds.All[i];
            foreach (var task in LoanTasks.All)
            {
                var played = await Playing.Play(LoanTasks.Pack, task, (ulong)i, new() { FaultRate = 1, FaultKinds = [kind] });
                if (played.PlantedFault is null) continue;
                output.WriteLine($"=== {kind} in {task.Id} at {played.FaultAt}\n{played}");
                break;
            }
        }
    }
}
