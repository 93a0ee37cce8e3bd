using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Grains.Tests;

/// <summary>Who may have how many dialogues in flight.</summary>
public sealed class SlotSharing
{
    [Fact]
    public void Slots_are_split_evenly_while_all_can_use_them() =>
        Slots.Share(100, 4, [new(0, 900), new(0, 900), new(0, 900), new(0, 900)]).Should().Equal(25, 25, 25, 25);

    [Fact]
    public void What_one_that_ends_cannot_use_goes_to_the_others_in_order() =>
        Slots.Share(100, 4, [new(3, 3), new(25, 900), new(25, 900), new(25, 900)]).Should().Equal(3, 47, 25, 25);

    [Fact]
    public void A_slot_is_not_given_away_before_it_is_free() =>
        Slots.Share(100, 2, [new(90, 900), new(10, 900)]).Should().Equal(50, 10);

    [Fact]
    public void Fewer_slots_than_partitions_leave_the_last_ones_waiting() =>
        Slots.Share(2, 4, [new(0, 9), new(0, 9), new(0, 9)]).Should().Equal(1, 1, 0);

    [Fact]
    public void Never_more_than_there_are_and_none_is_left_that_could_be_used() => Prop.ForAll(
        Gen.Choose(1, 50).SelectMany(slots => Gen.Choose(1, 5).SelectMany(shares => Gen.ListOf(Gen.Choose(0, 20).SelectMany(flight => Gen.Choose(0, 40), (flight, more) => new SlotNeed(flight, flight + more)))
            .Select(needs => (Slots: slots, Shares: shares, Needs: needs.ToArray())))).ToArbitrary(),
        world =>
        {
            // More in flight than slots: whoever had more before keeps them until they end.
            var flying = world.Needs.Sum(n => n.InFlight);
            if (flying > world.Slots) return true;
            var grants = Slots.Share(world.Slots, world.Shares, world.Needs);
            var taken = grants.Zip(world.Needs, (g, n) => Math.Max(g, n.InFlight)).Sum();
            var usable = world.Needs.Sum(n => n.Wanted);
            return taken <= world.Slots && grants.All(g => g >= 0) && (taken == Math.Min(world.Slots, usable));
        }).QuickCheckThrowOnFailure();
}
