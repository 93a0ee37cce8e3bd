using ConvoSynth.Models.Quota;
using ConvoSynth.Simulation.Accounts;

namespace ConvoSynth.Simulation.Tests;

/// <summary>An account's limits hold at every moment whatever goes wrong, and the simulator finds it where they do not.</summary>
public sealed class AccountSeeds
{
    private const ulong Seeds = 40;

    [Fact]
    public void Forty_seeds_keep_the_limits_of_an_account()
    {
        var figures = new Figures();
        for (var seed = 1UL; seed <= Seeds; seed++)
            SimulatedAccount.Run(seed, figures).Should().BeNull("of seed {0}", seed);

        figures.OwnersLost.Should().BeGreaterThan(50);
        figures.AccountRequests.Should().BeGreaterThan(10_000);
    }

    [Fact]
    public void A_seed_sends_the_same_requests_again()
    {
        var (first, second) = (new Figures(), new Figures());
        SimulatedAccount.Run(7, first);

        SimulatedAccount.Run(7, second);

        first.AccountRequests.Should().BePositive();
        second.Should().BeEquivalentTo(first);
    }

    [Fact]
    public void A_grain_that_grants_at_once_after_its_activation_is_found() =>
        Found(new(Grain: LeaseTimes.OnlyProcess)).Should().Contain("may be, at");

    [Fact]
    public void A_holder_that_ignores_the_end_of_its_lease_is_found() =>
        Found(new(Holders: new(double.PositiveInfinity, 1))).Should().Contain("in flight where");

    private static string Found(AccountSabotage sabotage)
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            if (SimulatedAccount.Run(seed, new(), sabotage) is { } violation)
                return violation;
        }

        throw new InvalidOperationException($"{Seeds} seeds did not find it");
    }
}
