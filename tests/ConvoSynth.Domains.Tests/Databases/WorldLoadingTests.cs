using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Domains.Tests.Databases;

public sealed class WorldLoadingTests
{
    private const string Varying = """
        parameters:
          most: { is: 2, worlds: "int(1..4)" }
          more: { is: 3, worlds: "add(most, int(1..2))" }
        tables:
          loans: { title: "phrase(names.yaml, title)", count: 3..6 }
        """;

    private const string Names = """
        title: ["The {thing}", "{thing} and {thing}"]
        thing: [Kiln, Loom, Mill, Oven, Press, Forge, Lathe, Still]
        """;

    private static TinyPack Pack() =>
        new TinyPack()
            .Put("worlds.yaml", Varying)
            .Put("names.yaml", Names)
            .With("policy.md", "3.2 At most two renewals.", "3.2 A loan is renewed {{most:times}} at most, in {{more|day}}.")
            .With("domain.yaml", "it has been renewed twice already", "it has been renewed {{most:times}} already")
            .With("data.yaml", "renewals: int(0..3)", "renewals: int(0..{{more}})")
            .With(
                "Tools.cs",
                "UnderTwoRenewals(Row loan) => loan.Int(\"renewals\") < 2;",
                "UnderTwoRenewals(Db db, Row loan) => loan.Int(\"renewals\") < db.Parameters.Int(\"most\");"
            );

    [Fact]
    public void The_same_seed_makes_the_same_world_and_another_seed_another()
    {
        using var pack = Pack();
        var loaded = pack.Load();
        var (one, again, other) = (
            WorldLoading.Make(loaded, new(7)),
            WorldLoading.Make(pack.Load(), new(7)),
            WorldLoading.Make(loaded, new(8))
        );

        one.World.Should().Be(again.World);
        one.World!.Seed.Should().Be("0000000000000007");
        one.World.Generator.Should().Be(loaded.Hash);
        one.World.Data.Should().NotBe(other.World!.Data);
        one.Base["members"].Rows[0].Values.Should().Be(again.Base["members"].Rows[0].Values);
    }

    [Fact]
    public void Policy_reasons_data_and_guards_have_the_parameters_of_their_world()
    {
        using var pack = Pack();
        var own = pack.Load();
        var most = new HashSet<int>();
        for (var seed = 0UL; seed < 12; seed++)
        {
            var world = WorldLoading.Make(own, new(seed));
            var limit = world.Parameters.Int("most");
            most.Add(limit);
            var times = limit switch
            {
                1 => "once",
                2 => "twice",
                3 => "three times",
                _ => "four times",
            };
            world.Policy.Clause("3.2")!.Text.Should().Be($"A loan is renewed {times} at most, in {world.Parameters.Int("more")} days.");
            world.SystemPrompt.Should().Contain($"renewed {times} at most");
            world.Domain.Because["3.2"].Should().Equal($"it has been renewed {times} already");
            world.Base["loans"].Rows.Max(l => l.Int("renewals")).Should().Be(world.Parameters.Int("more"));
            var renew = world.Tools.Find("renew_loan")!;
            var guard = renew.Guards.Single(g => g.Clause == "3.2");
            foreach (var loan in world.Base["loans"].Rows)
            {
                world
                    .Guards.Test(world.BaseView, renew, guard, (JsonMap)Json.Map(("loan_id", loan.Key), ("weeks", 1)))
                    .Should()
                    .Be(loan.Int("renewals") < limit);
            }
        }

        most.Should().BeEquivalentTo([1, 2, 3, 4]);
        own.Parameters.Int("most").Should().Be(2);
        own.Policy.Clause("3.2")!.Text.Should().Be("A loan is renewed twice at most, in 3 days.");
    }

    [Fact]
    public void Tables_of_worlds_are_made_otherwise_and_those_of_the_pack_are_not()
    {
        using var plain = new TinyPack();
        using var pack = new TinyPack().Put("worlds.yaml", Varying).Put("names.yaml", Names);
        var own = pack.Load();

        own.Base["loans"].Rows.Select(r => r.Values).Should().Equal(plain.Load().Base["loans"].Rows.Select(r => r.Values));
        var world = WorldLoading.Make(own, new(3));
        world.Base["loans"].Rows.Should().OnlyContain(l => l.Text("title").StartsWith("The ") || l.Text("title").Contains(" and "));
        world.Base["loans"].Rows.GroupBy(l => l.Text("member_id")).Select(g => g.Count()).Max().Should().BeInRange(5, 6);
    }

    [Fact]
    public void A_pack_that_says_nothing_of_worlds_has_some_all_the_same()
    {
        using var pack = new TinyPack();
        var own = pack.Load();

        var worlds = Enumerable.Range(0, 5).Select(i => WorldLoading.Make(own, new((ulong)i))).ToArray();

        worlds.Select(w => w.World!.Data).Should().OnlyHaveUniqueItems();
        worlds.Should().OnlyContain(w => w.Policy.Text == own.Policy.Text);
    }

    [Theory]
    [InlineData(
        "policy.md",
        "3.2 At most two renewals.",
        "3.2 At most {{least}} renewals.",
        "policy.md:4: worlds.yaml has no parameter least"
    )]
    [InlineData("worlds.yaml", "int(1..4)", "int(4..1)", "worlds.yaml:2: most: int wants a range from low to high")]
    [InlineData("worlds.yaml", "phrase(names.yaml, title)", "phrase(names.yaml, song)", "there is no key song; there are title, thing")]
    [InlineData("worlds.yaml", "  loans:", "  lends:", "worlds.yaml:5: data.yaml makes no table lends")]
    [InlineData("names.yaml", "The {thing}", "The {think}", "names.yaml:1: the file has no key think")]
    public void What_is_wrong_is_named_with_file_and_line(string file, string old, string planted, string error)
    {
        using var pack = new TinyPack().Put("worlds.yaml", Varying).Put("names.yaml", Names).With(file, old, planted);

        var make = () => WorldLoading.Make(pack.Load(), new(1));

        make.Should().Throw<PackException>().WithMessage($"*{error}*");
    }

    [Theory]
    [InlineData("airline")]
    [InlineData("library")]
    [InlineData("retail")]
    public void The_policy_of_a_world_of_a_shipped_pack_differs_and_has_no_slot_left(string name)
    {
        var own = PackLoading.Load(RepositoryRoot.At("blueprints", name));

        own.Policy.Text.Should().NotContain("{{");
        foreach (var seed in new[] { 1UL, 2UL })
        {
            var world = WorldLoading.Make(own, new(seed));
            world.Policy.Text.Should().NotContain("{{").And.NotBe(own.Policy.Text);
            world.Domain.Because.Values.SelectMany(b => b).Should().NotContain(b => b.Contains("{{"));
            world.Policy.Clauses.Select(c => c.Number).Should().Equal(own.Policy.Clauses.Select(c => c.Number));
        }
    }
}
