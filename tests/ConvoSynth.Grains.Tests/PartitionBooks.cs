using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Rows;

namespace ConvoSynth.Grains.Tests;

/// <summary>What a campaign concludes from the reports of its partitions.</summary>
public sealed class PartitionBooks
{
    private const int Permits = 10;

    // Four partitions of ten dialogues, of which two run at a time.
    private readonly PartitionBook _book = new(Setups.Spec with { Count = 40, PartitionSize = 10 }, lookahead: 2);

    public PartitionBooks()
    {
        _book.BeginTerm(100);
        while (_book.BeginNext() is not null) { }
    }

    [Fact]
    public void Nothing_is_granted_before_all_partitions_that_may_hold_permits_were_heard()
    {
        _book.Running.Should().Equal(0, 1);

        _book.Take(Report(0, inFlight: 3, begun: 3)).Should().BeTrue();
        _book.Grant(Permits, long.MaxValue).Should().BeEmpty();
        _book.Take(Report(1, inFlight: 4, begun: 4)).Should().BeTrue();

        _book.Grant(Permits, long.MaxValue).Should().Equal(0, 1);
        Grants().Select(g => g.Window).Should().Equal(6, 4);
    }

    [Fact]
    public void A_report_that_arrives_after_a_later_one_is_dropped()
    {
        _book.Take(Report(0, inFlight: 5, begun: 10, number: 2));

        _book.Take(Report(0, inFlight: 1, begun: 1, number: 1)).Should().BeFalse();

        _book.Take(Report(1));
        _book.Grant(Permits, long.MaxValue);
        Grants().Select(g => g.Window).Should().Equal(5, 5);
    }

    [Fact]
    public void A_report_of_a_fenced_activation_is_not_current()
    {
        _book.Take(Report(0) with { Epoch = 3 });

        _book.IsCurrent(Report(0) with { Epoch = 2 }).Should().BeFalse();
        _book.IsCurrent(Report(0) with { Epoch = 4 }).Should().BeTrue();
    }

    [Fact]
    public void A_report_in_an_earlier_term_counts_for_nothing_and_one_in_a_later_term_begins_another()
    {
        _book.Take(Report(0) with { Term = 99 }).Should().BeFalse();

        _book.Take(Report(0) with { Term = 200 }).Should().BeFalse();

        _book.Term.Should().Be(201);
    }

    [Fact]
    public void A_budget_is_leased_a_window_ahead_and_no_further_than_it_reaches()
    {
        _book.Take(Report(0));
        _book.Take(Report(1));

        _book.Grant(permits: 4, leasable: 4);
        Grants().Select(g => g.Begun).Should().Equal(4, 0);
        _book.Leased.Should().Be(4);
        _book.Take(Report(0, inFlight: 2, begun: 4, number: 2));

        _book.Grant(permits: 4, leasable: 6).Should().Equal(0);
        Grants().Select(g => g.Begun).Should().Equal(6, 0);
    }

    [Fact]
    public void What_is_leased_is_not_taken_back_when_the_mean_rises()
    {
        _book.Take(Report(0));
        _book.Take(Report(1));
        _book.Grant(permits: 4, leasable: 4);

        _book.Grant(permits: 4, leasable: 2).Should().BeEmpty();

        _book.Leased.Should().Be(4);
    }

    private IEnumerable<PartitionGrant> Grants() => _book.Running.Select(p => _book.GrantOf(p)!.Value);

    private static PartitionStatus Report(int partition, int inFlight = 0, long begun = 0, long number = 1) =>
        new(partition, 1, SinkCounts.Zero, 0, inFlight, false)
        {
            Term = 100,
            Begun = begun,
            Number = number,
        };
}
