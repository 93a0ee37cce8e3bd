using System.Reflection;
using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>The contract facts hold in every order of turns that the simulator may draw.</summary>
public sealed class OtherSeeds
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_contract_fact_holds_under_another_seed(ulong seed)
    {
        foreach (var contract in Parity.Contracts)
        {
            var run = Parity.Runs(contract).Single(t => t.Name.EndsWith("InTheSimulator", StringComparison.Ordinal));
            foreach (var fact in Parity.Facts(contract))
            {
                using var simulator = new Simulator(seed);
                var holds = () =>
                {
                    var test = Activator.CreateInstance(run, simulator);
                    if (fact.Invoke(test, BindingFlags.DoNotWrapExceptions, null, null, null) is not Task task)
                        return;
                    task.IsCompleted.Should().BeTrue();
                    if (task.Exception is { } failure)
                        throw failure.InnerException!;
                };

                holds.Should().NotThrow($"{contract.Name}.{fact.Name}");
            }
        }
    }
}
