using ConvoSynth.Core.Verdicts;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Trajectories;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Review.Tests;

/// <summary>Lists and counts, compared with a plain walk over all rows.</summary>
[Collection(ReviewRun.Collection)]
public sealed class TableTests(ReviewRun run)
{
    [Fact]
    public void Each_filter_finds_the_rows_that_a_walk_over_all_rows_finds()
    {
        using var tables = Open(out var rows);
        (RowView View, Func<ShardRow, bool> Takes)[] filters =
        [
            (new(), _ => true),
            (new() { Status = "rejected" }, r => r.Status == "rejected"),
            (new() { Domain = "retail", Status = "accepted" }, r => r is { Domain: "retail", Status: "accepted" }),
            (new() { Slice = "out-of-policy" }, r => r.Slice == "out-of-policy"),
            (new() { Planted = "any" }, r => r.PlantedFault is not null),
            (new() { Planted = "none" }, r => r.PlantedFault is null),
            (new() { Check = "outcome.end-state", Outcome = "fail" }, r => Has(r, "outcome.end-state", Outcome.Fail)),
            (new() { Outcome = "unsure" }, r => RowConversation.VerdictsOf(r).Any(v => v.Outcome == Outcome.Unsure)),
            (new() { Fault = "human" }, r => RowConversation.VerdictsOf(r).Any(v => v is { Fault: Fault.Human, Outcome: Outcome.Fail })),
            (new() { Tool = "find_member" }, r => RowJson.Of(r)["messages"].ToString().Contains("\"name\":\"find_member\"")),
            (new() { Text = "BRANCH \"" }, _ => false),
        ];

        foreach (var (view, takes) in filters)
        {
            var wanted = rows.Where(takes).OrderBy(r => r.Index).ThenBy(r => r.Attempt).Select(r => r.Id).ToArray();
            tables.Count(view, []).Should().Be(wanted.Length, view.Query());
            All(tables, view).Should().Equal(wanted, view.Query());
        }
    }

    [Theory]
    [InlineData("surname")]
    [InlineData("member_id\": \"M0")]
    [InlineData("Which nothing that was READ")]
    public void A_search_finds_words_arguments_observations_and_evidence_in_any_case(string text)
    {
        using var tables = Open(out var rows);
        bool Holds(string? where) => where?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

        var wanted = rows.Where(r =>
                Holds(r.Instruction)
                || RowConversation.VerdictsOf(r).Any(v => v.Outcome is Outcome.Fail or Outcome.Unsure && Holds(v.Evidence))
                || RowJson.Of(r)["messages"].Items.Any(m => Holds(m.ToString().Replace("\\\"", "\"")) || Holds(m.ToString()))
            )
            .Select(r => r.Id)
            .ToArray();

        All(tables, new() { Text = text }).Should().BeEquivalentTo(wanted);
    }

    [Fact]
    public void Orders_and_neighbours_follow_the_view()
    {
        using var tables = Open(out var rows);
        var longest = All(tables, new() { Sort = "longest" });
        longest.Should().Equal(rows.OrderByDescending(r => r.MessageCount).ThenBy(r => r.Index).ThenBy(r => r.Attempt).Select(r => r.Id));

        var view = new RowView { Status = "rejected" };
        var listed = All(tables, view);
        tables.Around(view, listed[3], [], 2).Should().BeEquivalentTo((Before: listed[2], After: new[] { listed[4], listed[5] }));
        var open = view with { Decided = "open" };
        tables.Around(open, listed[3], [listed[3], listed[4]], 1).Should().BeEquivalentTo((Before: listed[2], After: new[] { listed[5] }));
        tables.Around(view, listed[0], [], 1).Before.Should().BeNull();
        tables.Around(view, listed[^1], [], 5).After.Should().BeEmpty();
        All(tables, new() { Sort = "random" }).Should().BeEquivalentTo(rows.Select(r => r.Id)).And.NotEqual(rows.Select(r => r.Id));
    }

    [Fact]
    public void Decided_rows_leave_a_view_of_open_ones()
    {
        using var tables = Open(out var rows);
        string[] decided = [rows[0].Id, rows[1].Id];

        tables.Count(new() { Decided = "no" }, decided).Should().Be(rows.Length - 2);
        All(tables, new() { Decided = "yes" }, decided).Should().BeEquivalentTo(decided);
    }

    [Fact]
    public void A_row_is_found_whole_and_a_foreign_id_is_not()
    {
        using var tables = Open(out var rows);

        RowJson.Of(tables.Find(rows[7].Id)!).ToString().Should().Be(RowJson.Of(rows[7]).ToString());
        tables.Find("demo/999999/0").Should().BeNull();
        tables.Find("'; DROP VIEW facts; --").Should().BeNull();
        tables.Count(new() { Status = "' OR 1=1 --" }, []).Should().Be(0);
    }

    [Fact]
    public void Rows_that_are_committed_while_the_app_runs_are_there_soon()
    {
        var path = run.Copy();
        var time = new FakeTimeProvider();
        using var tables = new RunTables(new(new DiskStorage(), path), time);
        var before = tables.Count(new(), []);
        var row = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted).First();
        using (var shards = PartitionShards.Open(new(new DiskStorage(), path), 77, null, new ParquetShards()))
        {
            shards.Append(row.Index, [row with { Id = "demo/later/0" }]);
            shards.Commit();
        }

        tables.Find("demo/later/0").Should().BeNull("the commit logs were read just now");
        time.Advance(TimeSpan.FromSeconds(2));

        tables.Count(new(), []).Should().Be(before + 1);
        tables.Find("demo/later/0")!.Messages.Count.Should().Be(row.Messages.Count);
    }

    [Fact]
    public void Derived_files_may_be_deleted_and_a_shard_cut_in_half_is_told_by_name()
    {
        var path = run.Copy();
        using (new RunTables(new(new DiskStorage(), path), TimeProvider.System)) { }
        Directory.Delete(Path.Combine(path, "review"), recursive: true);
        using (var again = new RunTables(new(new DiskStorage(), path), TimeProvider.System))
            again.Count(new(), []).Should().BeGreaterThan(200);
        var shard = Directory.EnumerateFiles(Path.Combine(path, "accepted")).First();
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..1000]);

        FluentActions
            .Invoking(() => new RunTables(new(new DiskStorage(), path), TimeProvider.System))
            .Should()
            .Throw<Runs.ShardException>()
            .WithMessage($"*{Path.GetFileName(shard)}*");
    }

    private RunTables Open(out ShardRow[] rows)
    {
        var folder = new RunFolder(new DiskStorage(), run.Made);
        rows = [.. new RunReader(folder).Rows().OrderBy(r => r.Index).ThenBy(r => r.Attempt)];
        return new(folder, TimeProvider.System);
    }

    private static string[] All(RunTables tables, RowView view, string[]? decided = null)
    {
        var found = new List<string>();
        for (var page = 0; ; page++)
        {
            var lines = tables.Page(view with { Page = page }, decided ?? []);
            if (lines.Count == 0)
                return [.. found];
            found.AddRange(lines.Select(l => l.Id));
        }
    }

    private static bool Has(ShardRow row, string check, Outcome outcome) =>
        RowConversation.VerdictsOf(row).Any(v => $"{v.Stage}.{v.Check}" == check && v.Outcome == outcome);
}
