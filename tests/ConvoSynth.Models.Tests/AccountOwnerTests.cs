using ConvoSynth.Models.Quota;

namespace ConvoSynth.Models.Tests;

/// <summary>What the owner of an account grants to several holders, on a clock in seconds.</summary>
public sealed class AccountOwnerTests
{
    private static readonly AccountLimits FourAtOnce = new(InFlight: 4);
    private static readonly CircuitOptions Circuit = new() { LeastRequests = 4, Break = TimeSpan.FromSeconds(5) };

    private long _number;

    [Fact]
    public void A_new_owner_grants_nothing_before_every_lease_of_an_earlier_owner_has_ended()
    {
        var owner = Owner(LeaseTimes.Cluster);
        var limits = new AccountLimits(600, 60_000, 4);
        var call = Call("a", limits) with { Requests = 5, Tokens = 500, Demand = 4 };

        owner.Lease(call, 4.9).Should().Match<Lease>(l => l.Requests == 0 && l.Tokens == 0 && l.Permits == 0);
        owner.Lease(Next(call), 5).Should().Match<Lease>(l => l.Requests == 0 && l.Permits == 4, "its buckets fill from then on");
        owner.Lease(Next(call), 5.5).Should().Match<Lease>(l => l.Requests == 5 && l.Tokens == 500);
    }

    [Fact]
    public void The_owner_of_the_only_process_grants_at_once() =>
        Owner(LeaseTimes.OnlyProcess).Lease(Call("a", FourAtOnce) with { Demand = 9 }, 0).Permits.Should().Be(4);

    [Fact]
    public void A_new_owner_confirms_what_holders_report_and_no_more()
    {
        var owner = Owner(LeaseTimes.Cluster);

        owner.Lease(Call("a", FourAtOnce) with { Permits = 3, Demand = 9 }, 1).Permits.Should().Be(3);
        owner.Lease(Call("b", FourAtOnce) with { Demand = 9 }, 4).Permits.Should().Be(0);
        owner.Lease(Call("b", FourAtOnce) with { Demand = 9 }, 5.5).Permits.Should().Be(1, "the first holds three until 6 s");
        owner.Lease(Call("b", FourAtOnce) with { Permits = 1, Demand = 9 }, 6.5).Permits.Should().Be(4, "the first is gone");
    }

    [Fact]
    public void A_starving_holder_gets_its_share_as_soon_as_others_have_given_it_up()
    {
        var owner = Owner(LeaseTimes.OnlyProcess);
        owner.Lease(Call("a", FourAtOnce) with { Demand = 20 }, 0).Permits.Should().Be(4);

        owner.Lease(Call("b", FourAtOnce) with { Demand = 20 }, 0.1).Permits.Should().Be(0);
        owner.Lease(Call("a", FourAtOnce) with { Permits = 4, Demand = 20 }, 1).Permits.Should().Be(2);
        owner.Lease(Call("b", FourAtOnce) with { Demand = 20 }, 1.1).Permits.Should().Be(0, "the answer to the first may be lost");
        owner.Lease(Call("a", FourAtOnce) with { Permits = 2, Demand = 20 }, 1.2).Permits.Should().Be(2);
        owner.Lease(Call("b", FourAtOnce) with { Demand = 20 }, 1.3).Permits.Should().Be(2);
    }

    [Theory]
    [InlineData(10, new[] { 20, 20 }, new[] { 5, 5 })]
    [InlineData(10, new[] { 2, 20, 20 }, new[] { 2, 4, 4 })]
    [InlineData(10, new[] { 1, 2, 3 }, new[] { 1, 2, 3 })]
    [InlineData(1, new[] { 0, 9, 9 }, new[] { 0, 1, 0 })]
    [InlineData(5, new[] { 9, 9, 9 }, new[] { 2, 2, 1 })]
    public void Permits_are_split_max_min_fairly(int permits, int[] demands, int[] shares) =>
        PermitSplit.Of(permits, demands, turn: 0).Should().Equal(shares);

    [Fact]
    public void The_permit_that_does_not_divide_goes_round() =>
        Enumerable.Range(0, 4).Select(turn => PermitSplit.Of(1, [9, 9], turn)[0]).Should().Equal(1, 0, 1, 0);

    [Fact]
    public void A_call_that_arrives_twice_or_after_a_later_one_takes_nothing()
    {
        var owner = Owner(LeaseTimes.OnlyProcess);
        var limits = new AccountLimits(600);
        var first = Call("a", limits) with { Requests = 2 };
        var second = Call("a", limits) with { Requests = 1 };

        var answer = owner.Lease(first, 0);
        owner.Lease(first, 0).Should().BeSameAs(answer);
        owner.Lease(second, 0).Requests.Should().Be(1);
        owner.Lease(first, 0);
        owner.Lease(Call("a", limits) with { Requests = 9 }, 0).Requests.Should().Be(2, "two and one of five were taken");
    }

    [Fact]
    public void Unspent_requests_count_towards_the_capacity()
    {
        var owner = Owner(LeaseTimes.OnlyProcess);
        var limits = new AccountLimits(600);
        owner.Lease(Call("idle", limits) with { Requests = 3 }, 0).Requests.Should().Be(3);

        owner.Lease(Call("b", limits) with { Requests = 9 }, 10).Requests.Should().Be(2, "of five, three are out and may be sent now");
        owner.Lease(Call("idle", limits), 20);
        owner.Lease(Call("b", limits), 20);
        owner.Lease(Call("b", limits) with { Requests = 9 }, 30).Requests.Should().Be(5);
    }

    [Fact]
    public void Hungry_holders_are_served_in_turn()
    {
        var owner = Owner(LeaseTimes.OnlyProcess);
        var limits = new AccountLimits(60);
        var served = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0 };

        // The second always asks right after the first.
        for (var at = 0.0; at < 40; at += 0.1)
        {
            foreach (var holder in (string[])["a", "b"])
                served[holder] += owner.Lease(Call(holder, limits) with { Requests = 1 }, at).Requests;
        }

        served["a"].Should().BeCloseTo(served["b"], 1);
        (served["a"] + served["b"]).Should().BeInRange(35, 41);
    }

    [Fact]
    public void The_strictest_limits_of_the_present_holders_hold()
    {
        var owner = Owner(new(4, 1));
        owner.Lease(Call("a", FourAtOnce) with { Demand = 9 }, 5).Permits.Should().Be(4);
        owner.Lease(Call("b", new(InFlight: 1)), 6);

        owner.Lease(Call("a", FourAtOnce) with { Permits = 4, Demand = 9 }, 6.1).Permits.Should().Be(1);
        owner.Lease(Call("a", FourAtOnce) with { Permits = 1, Demand = 9 }, 11.5).Permits.Should().Be(4, "the other is gone");
    }

    [Fact]
    public void Failures_of_several_holders_open_one_circuit_and_one_trial_closes_it_for_all()
    {
        var owner = Owner(LeaseTimes.Cluster);
        foreach (var holder in (string[])["a", "b"])
            owner.Lease(Call(holder), 0).Circuit.Should().Be(CircuitState.Closed);
        owner.Lease(Call("a") with { Failed = 3 }, 1).Circuit.Should().Be(CircuitState.Closed);
        owner
            .Lease(Call("b") with { Failed = 1 }, 2)
            .Should()
            .Match<Lease>(l => l.Circuit == CircuitState.Open && l.OpenFor.TotalSeconds == 5);

        owner.Lease(Call("a") with { Failed = 9, Trial = TrialState.Wanted }, 6).Circuit.Should().Be(CircuitState.Open);
        owner.Lease(Call("a") with { Failed = 9, Trial = TrialState.Wanted }, 7).Circuit.Should().Be(CircuitState.Trial);
        owner.Lease(Call("b") with { Failed = 1, Trial = TrialState.Wanted }, 8).Circuit.Should().Be(CircuitState.Open);
        owner.Lease(Call("a") with { Failed = 9, Trial = TrialState.Running }, 11).Circuit.Should().Be(CircuitState.Open);
        owner.Lease(Call("b") with { Failed = 1, Trial = TrialState.Wanted }, 13).Circuit.Should().Be(CircuitState.Open, "it still runs");
        owner.Lease(Call("a") with { Failed = 9, Answered = 1 }, 14).Circuit.Should().Be(CircuitState.Closed);
        owner.Lease(Call("b") with { Failed = 1 }, 14).Circuit.Should().Be(CircuitState.Closed);
    }

    [Fact]
    public void A_trial_whose_holder_falls_silent_goes_to_another()
    {
        var owner = Owner(LeaseTimes.Cluster);
        owner.Lease(Call("a"), 0);
        owner.Lease(Call("b"), 0);
        owner.Lease(Call("a") with { Failed = 4 }, 1).Circuit.Should().Be(CircuitState.Open);
        owner.Lease(Call("a") with { Failed = 4, Trial = TrialState.Wanted }, 6).Circuit.Should().Be(CircuitState.Trial);

        owner.Lease(Call("b") with { Trial = TrialState.Wanted }, 10).Circuit.Should().Be(CircuitState.Open);
        owner.Lease(Call("b") with { Trial = TrialState.Wanted }, 11.5).Circuit.Should().Be(CircuitState.Trial);
        owner.Lease(Call("b") with { Failed = 1 }, 12).Circuit.Should().Be(CircuitState.Open, "it is still away");
    }

    private static AccountOwner Owner(LeaseTimes times) => new(new() { Share = 1 }, Circuit, times, 0);

    private LeaseCall Call(string holder, AccountLimits? limits = null) => new(holder, ++_number, limits ?? new());

    private LeaseCall Next(LeaseCall call) => call with { Number = ++_number };
}
