using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Core.Tests;

public sealed class RunSpecTests
{
    private static readonly RunSpec Sound = new()
    {
        RunId = "run-1",
        Domains = ["retail", "library"],
        Count = 10,
        Seed = 1,
        PartitionSize = 4,
    };

    [Fact]
    public void A_sound_spec_has_no_problem() => Sound.Problem().Should().BeNull();

    [Fact]
    public void What_is_wrong_is_named_with_its_value()
    {
        (Sound with { RunId = "a/b" }).Problem().Should().Contain("run id").And.Contain("a/b");
        (Sound with { RunId = "" }).Problem().Should().Contain("run id");
        (Sound with { Domains = [] }).Problem().Should().Contain("domain");
        (Sound with { Domains = default }).Problem().Should().Contain("domain");
        (Sound with { Domains = ["retail", "retail"] }).Problem().Should().Contain("twice").And.Contain("retail");
        (Sound with { Count = 0 }).Problem().Should().Contain("count is 0");
        (Sound with { FaultRate = 1.5 }).Problem().Should().Contain("1.5");
        (Sound with { FaultRate = double.NaN }).Problem().Should().Contain("NaN");
        (Sound with { PartitionSize = 0 }).Problem().Should().Contain("partition size is 0");
        (Sound with { Count = 1_000_000, PartitionSize = 1 }).Problem().Should().Contain("partitions");
    }

    [Theory]
    [InlineData(100, 10, 5)]
    [InlineData(95, 10, 7)]
    [InlineData(30, 10, 20)]
    [InlineData(1_000_000, 2000, 100)]
    public void Worlds_are_shared_by_neighbouring_partitions_and_each_has_as_many_as_the_others(long count, int size, int worlds)
    {
        var spec = Sound with { Count = count, PartitionSize = size, Worlds = worlds };

        var numbers = Enumerable.Range(0, spec.Partitions).Select(p => spec.WorldOf((long)p * size)).ToArray();

        spec.Problem().Should().BeNull();
        numbers.Should().BeInAscendingOrder().And.StartWith(0).And.EndWith(Math.Min(worlds, spec.Partitions) - 1);
        numbers.Distinct().Should().HaveCount(Math.Min(worlds, spec.Partitions));
        var shares = numbers.GroupBy(n => n).Select(g => g.Count()).ToArray();
        (shares.Max() - shares.Min()).Should().BeLessThanOrEqualTo(1);
        spec.WorldOf(count - 1).Should().Be(numbers[^1]);
        spec.WorldOf(size - 1).Should().Be(numbers[0]);
    }

    [Fact]
    public void Worlds_do_not_go_with_one_given_database()
    {
        (Sound with { Worlds = 2, Data = "tables" }).Problem().Should().Contain("2 worlds are wanted, and tables is about one database");
        (Sound with { Worlds = 1, Data = "tables" }).Problem().Should().BeNull();
        (Sound with { Worlds = 100_001 }).Problem().Should().Contain("the number of worlds is 100001; it must be from 0 to 100000");
    }

    [Fact]
    public void A_run_on_endpoints_has_the_problems_of_its_endpoints_and_roles()
    {
        var spec = Sound with { Model = RunSpec.OnEndpoints };
        var endpoint = new EndpointSpec
        {
            Name = "x",
            Provider = EndpointProvider.OpenAICompatible,
            Model = "m",
            Url = "http://localhost:8000/v1",
        };
        var roles = new RoleEndpoints { Human = "x", Agent = "x" };

        spec.Problem().Should().StartWith("no endpoint is given");
        (spec with { Endpoints = [endpoint with { Retries = 21 }], Roles = roles }).Problem().Should().Contain("retries is 21");
        (spec with { Endpoints = [endpoint], Roles = roles with { Agent = "y" } }).Problem().Should().Contain("\"y\", which is none of x");
        (spec with { Endpoints = [endpoint], Roles = roles }).Problem().Should().BeNull();
        (spec with { Endpoints = [endpoint], Roles = roles, FaultRate = 0.2 })
            .Problem()
            .Should()
            .StartWith("the fault rate is 0.2, and none of the endpoints is the test endpoint");
        (spec with { Endpoints = [endpoint with { Rehearsal = true }], Roles = roles, FaultRate = 0.2 }).Problem().Should().BeNull();
        Sound.Problem().Should().BeNull("another model has no use for endpoints");
    }

    [Fact]
    public void The_partitions_cover_every_index_once()
    {
        var indexes = Enumerable
            .Range(0, Sound.Partitions)
            .Select(Sound.Range)
            .SelectMany(r => Enumerable.Range((int)r.First, (int)(r.End - r.First)));

        indexes.Should().Equal(Enumerable.Range(0, 10));
        Sound.Partitions.Should().Be(3);
    }

    [Fact]
    public void The_domains_take_turns() =>
        Enumerable.Range(0, 4).Select(i => Sound.DomainOf(i)).Should().Equal("retail", "library", "retail", "library");

    [Fact]
    public void All_rounds_of_a_task_have_its_number_domain_and_world()
    {
        var spec = new RunSpec
        {
            RunId = "rounds",
            Domains = ["a", "b"],
            Count = 60,
            Seed = 1,
            Rounds = 4,
            Worlds = 7,
            PartitionSize = 6,
        };
        spec.Problem().Should().BeNull();
        for (var index = 0L; index < spec.Count; index++)
        {
            var first = index - (index % 4);
            spec.TaskOf(index).Should().Be(index / 4);
            spec.DomainOf(index).Should().Be(index / 4 % 2 == 0 ? "a" : "b");
            spec.WorldOf(index).Should().Be(spec.WorldOf(first), "a partition may begin between the rounds of a task");
        }

        (spec with { Rounds = 1001 }).Problem().Should().Be("the number of rounds is 1001; it must be from 1 to 1000");
        (spec with { Slices = "hard=1" }).Problem().Should().StartWith("there is no slice \"hard\"");
    }
}
