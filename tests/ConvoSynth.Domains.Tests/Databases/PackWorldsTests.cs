using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Domains.Tests.Databases;

public sealed class PackWorldsTests
{
    private static readonly Seed Run = new(5);

    [Fact]
    public void A_run_finds_its_worlds_again_by_number_and_by_what_a_row_says()
    {
        using var pack = new TinyPack();
        var (one, two) = (new PackWorlds(pack.Load(), Run), new PackWorlds(pack.Load(), Run));

        var worlds = Enumerable.Range(0, 8).Select(i => one.Numbered(i).World!).ToArray();

        worlds.Select(w => w.Data).Should().OnlyHaveUniqueItems();
        Enumerable.Range(0, 8).Reverse().Select(i => two.Numbered(i).World!).Should().Equal(worlds.Reverse());
        worlds.Select(w => two.Of(w).World).Should().Equal(worlds);
        new PackWorlds(pack.Load(), new(6)).Numbered(0).World!.Seed.Should().NotBe(worlds[0].Seed);
    }

    [Fact]
    public void A_world_with_other_data_than_the_rows_say_is_refused_by_its_hash()
    {
        using var pack = new TinyPack();
        var world = new PackWorlds(pack.Load(), Run).Numbered(3).World!;
        var rows = new Dictionary<string, string>(StringComparer.Ordinal) { [world.Seed] = "of_rows" };

        var byRow = () => new PackWorlds(pack.Load(), Run).Of(world with { Data = "of_rows" });
        var byNumber = () => new PackWorlds(pack.Load(), Run, rows).Numbered(3);

        byRow.Should().Throw<WorldException>().WithMessage($"*{world.Seed} of tiny has the data hash of_rows in the rows*{world.Data}*");
        byNumber.Should().Throw<WorldException>().WithMessage($"*{world.Seed} of tiny has the data hash of_rows in the rows*");
    }

    [Fact]
    public void Few_worlds_are_in_memory_and_one_in_use_is_not_made_twice()
    {
        using var pack = new TinyPack();
        var worlds = new PackWorlds(pack.Load(), Run);
        var used = worlds.Numbered(0);

        var others = Enumerable.Range(1, 30).Select(i => Made(worlds, i)).ToArray();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        others.Count(w => w.TryGetTarget(out _)).Should().BeLessThanOrEqualTo(PackWorlds.Kept);
        worlds.Numbered(0).Should().BeSameAs(used);
    }

    [Fact]
    public void A_seed_that_fails_the_check_gives_way_to_another()
    {
        // A third of the seeds reserve too few titles for what data.yaml ensures.
        using var pack = new TinyPack()
            .Put("worlds.yaml", "parameters: { reserved: { is: 20, worlds: pick(0|20|30) } }\n")
            .With("data.yaml", "reserved: 20%", "reserved: \"{{reserved}}%\"");
        var loaded = pack.Load();

        WorldCheck
            .Of(First(loaded, reserved: 0))
            .Problem.Should()
            .StartWith("renew_loan: its guard NobodyWaits (clause 3.1) holds on")
            .And.Contain("is broken on 0; wanted are 10 and 10");
        WorldCheck.Of(First(loaded, reserved: 20)).Problem.Should().BeNull();
        var worlds = new PackWorlds(loaded, Run);
        Enumerable.Range(0, 12).Select(i => worlds.Numbered(i).Parameters.Int("reserved")).Should().NotContain(0).And.Contain(30);
    }

    [Fact]
    public void Where_no_seed_passes_the_last_reason_is_given()
    {
        using var pack = new TinyPack()
            .Put("worlds.yaml", "parameters: { reserved: { is: 20, worlds: 0 } }\n")
            .With("data.yaml", "reserved: 20%", "reserved: \"{{reserved}}%\"");

        var make = () => new PackWorlds(pack.Load(), Run).Numbered(2);

        make.Should()
            .Throw<WorldException>()
            .WithMessage("no world 2 of tiny: none of 8 seeds*NobodyWaits*Narrow the ranges in worlds.yaml*");
    }

    [Fact]
    public void What_a_world_reaches_is_counted()
    {
        using var pack = new TinyPack();
        var worlds = new PackWorlds(pack.Load(), Run);

        var report = worlds.ReportOf(0);

        report.Problem.Should().BeNull();
        report.CellsReached.Should().Be(worlds.SamplerOf(worlds.Numbered(0)).Cells.Count).And.BeGreaterThan(1);
        report.GuardsReached.Should().Be(3);
        report.Guards.Should().HaveCount(3).And.OnlyContain(g => g.Guard.Holds >= 10 && g.Guard.Broken >= 10);
    }

    private static Pack First(Pack pack, int reserved) =>
        Enumerable.Range(0, 100).Select(i => WorldLoading.Make(pack, new((ulong)i))).First(w => w.Parameters.Int("reserved") == reserved);

    // In a method of its own, so that no local of the test holds the world.
    private static WeakReference<Pack> Made(PackWorlds worlds, int number) => new(worlds.Numbered(number));
}
