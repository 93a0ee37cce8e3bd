using ConvoSynth.Grains.Campaign;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Grains.Tests;

/// <summary>How the permits for dialogues in flight are shared.</summary>
public sealed class PermitSharing
{
    [Fact]
    public void The_first_partition_takes_what_it_can_use() => Permits.Share(100, [new(0, 900), new(0, 900)]).Should().Equal(100, 0);

    [Fact]
    public void What_one_that_ends_leaves_is_the_next_ones() =>
        Permits.Share(100, [new(3, 3), new(10, 900), new(0, 900)]).Should().Equal(3, 97, 0);

    [Fact]
    public void A_permit_is_not_given_away_before_it_is_free() => Permits.Share(100, [new(10, 900), new(90, 900)]).Should().Equal(10, 90);

    [Fact]
    public void Never_more_than_there_are_and_none_is_left_that_could_be_used() =>
        Prop.ForAll(
                Gen.Choose(1, 50)
                    .SelectMany(permits =>
                        Gen.ListOf(
                                Gen.Choose(0, 20)
                                    .SelectMany(flight => Gen.Choose(0, 40), (flight, more) => new PermitNeed(flight, flight + more))
                            )
                            .Select(needs => (Permits: permits, Needs: needs.ToArray()))
                    )
                    .ToArbitrary(),
                world =>
                {
                    // If more permits are held than exist, the holders keep them until their dialogues end.
                    var held = world.Needs.Sum(n => n.Held);
                    if (held > world.Permits)
                        return true;
                    var grants = Permits.Share(world.Permits, world.Needs);
                    var taken = grants.Zip(world.Needs, (g, n) => Math.Max(g, n.Held)).Sum();
                    var usable = world.Needs.Sum(n => n.Wanted);
                    return taken <= world.Permits && grants.All(g => g >= 0) && (taken == Math.Min(world.Permits, usable));
                }
            )
            .QuickCheckThrowOnFailure();
}
