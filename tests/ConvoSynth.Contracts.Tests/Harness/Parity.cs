using System.Reflection;
using Xunit.Abstractions;

namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>Checks that every fact runs unchanged on both runtimes.</summary>
public sealed class Parity(ITestOutputHelper output)
{
    private const int MinFacts = 100;

    internal static IEnumerable<Type> Contracts =>
        typeof(Contract).Assembly.GetTypes().Where(t => t.IsAbstract && t.IsSubclassOf(typeof(Contract)) && Facts(t).Any());

    internal static IEnumerable<MethodInfo> Facts(Type contract) =>
        contract.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null);

    internal static IEnumerable<Type> Runs(Type contract) => contract.Assembly.GetTypes().Where(t => t.IsSubclassOf(contract));

    [Fact]
    public void Every_contract_runs_on_a_silo_and_in_the_simulator()
    {
        foreach (var contract in Contracts)
        {
            var runs = Runs(contract).ToArray();

            runs.Select(t => t.Name).Should().BeEquivalentTo($"{contract.Name}OnASilo", $"{contract.Name}InTheSimulator");
            runs.Select(t => t.GetConstructors().Single().GetParameters().Single().ParameterType)
                .Should()
                .BeEquivalentTo([typeof(OrleansSilo), typeof(Simulator)]);
        }
    }

    [Fact]
    public void No_runtime_skips_adds_or_overrides_a_fact()
    {
        const BindingFlags Declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var facts = 0;
        foreach (var contract in Contracts)
        {
            var expected = Facts(contract).Select(m => m.Name).ToArray();
            facts += expected.Length;
            Facts(contract).Should().OnlyContain(m => m.GetCustomAttribute<FactAttribute>()!.Skip == null && !m.IsVirtual);
            foreach (var run in Runs(contract))
            {
                Facts(run).Select(m => m.Name).Should().BeEquivalentTo(expected);
                run.GetMethods(Declared).Should().BeEmpty();
            }
        }

        facts.Should().BeGreaterThanOrEqualTo(MinFacts);
        output.WriteLine($"contract facts: {facts} on each of 2 runtimes");
    }
}
