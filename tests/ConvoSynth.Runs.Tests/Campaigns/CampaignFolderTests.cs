using ConvoSynth.Runs.Campaigns;

namespace ConvoSynth.Runs.Tests.Campaigns;

public sealed class CampaignFolderTests : IDisposable
{
    private static readonly CampaignOrder Order = new()
    {
        Spec = new()
        {
            RunId = "a",
            Domains = ["library"],
            Count = 10,
            Seed = 1,
        },
        Concurrency = 4,
        Budget = new() { Cost = 2.5m, Duration = TimeSpan.FromHours(3) },
        SubmittedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-campaigns-");

    private RunsRoot Root => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_order_is_read_as_it_was_written()
    {
        Root.Campaigns("a").TryBegin(1, Order).Should().BeTrue();

        var state = Root.Campaigns("a").Latest()!;

        (state.Number, state.IsStopWanted, state.End).Should().Be((1, false, null));
        state.Order.Should().BeEquivalentTo(Order);
        Root.Runs().Should().Equal("a");
    }

    [Fact]
    public void Of_two_orders_with_one_number_the_first_stands()
    {
        Root.Campaigns("a").TryBegin(1, Order).Should().BeTrue();

        Root.Campaigns("a").TryBegin(1, Order with { Concurrency = 9 }).Should().BeFalse();

        Root.Campaigns("a").Latest()!.Order.Concurrency.Should().Be(4);
        Directory.GetFiles(Path.Combine(_folder.FullName, "a", CampaignFolder.Name)).Should().ContainSingle("no temporary file stays");
    }

    [Fact]
    public void Of_many_writers_at_once_one_begins_the_campaign()
    {
        var wins = 0;

        Parallel.For(
            0,
            16,
            i =>
            {
                if (Root.Campaigns("a").TryBegin(1, Order with { Concurrency = i + 1 }))
                    Interlocked.Increment(ref wins);
            }
        );

        wins.Should().Be(1);
        Root.Campaigns("a").Latest()!.Order.Concurrency.Should().BeInRange(1, 16);
    }

    [Fact]
    public void A_stop_and_an_end_belong_to_one_campaign()
    {
        var campaigns = Root.Campaigns("a");
        campaigns.TryBegin(1, Order);
        campaigns.WantStop(1);
        campaigns.WantStop(1);
        campaigns.End(1, new() { Error = "first" });
        campaigns.End(1, new() { Error = "second" });

        var ended = campaigns.Latest()!;
        campaigns.TryBegin(2, Order);

        (ended.IsStopWanted, ended.End!.Error).Should().Be((true, "first"));
        campaigns.Latest().Should().Match<CampaignState>(s => s.Number == 2 && !s.IsStopWanted && s.End == null);
    }

    [Fact]
    public void A_damaged_order_is_named()
    {
        Root.Campaigns("a").TryBegin(1, Order);
        var file = Path.Combine(_folder.FullName, "a", CampaignFolder.Name, "0001.json");
        File.WriteAllText(file, "{");

        Root.Campaigns("a").Invoking(c => c.Latest()).Should().Throw<RunException>().WithMessage($"{file} is damaged*");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void A_run_id_cannot_lead_out_of_the_folder(string id) =>
        Root.Invoking(r => r.Run(id)).Should().Throw<RunException>().WithMessage($"the run id \"{id}\" must be*");

    [Fact]
    public void A_folder_is_claimed_once()
    {
        Root.Identity().Should().BeNull();

        var id = Root.Claim();

        id.Should().HaveLength(32);
        Root.Claim().Should().Be(id);
        Root.Identity().Should().Be(id);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{")]
    public void A_damaged_claim_is_named(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, RunsRoot.IdentityFile), text);

        Root.Invoking(r => r.Identity()).Should().Throw<RunException>().WithMessage("*cluster.json is damaged*");
    }
}
