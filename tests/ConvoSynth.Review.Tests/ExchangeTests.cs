using System.Text;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Http;
using ConvoSynth.Review.Replays;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>Decisions to and from other tools.</summary>
[Collection(ReviewRun.Collection)]
public sealed class ExchangeTests(ReviewRun run)
{
    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Decisions_come_back_whole_from_a_table_and_a_second_import_adds_nothing(string format)
    {
        var (path, rows) = (run.Copy(), Rows());
        var said = new Decision
        {
            Row = rows[0].Id,
            Ruling = Ruling.Reject,
            Reviewer = "Ada, \"the\" first",
            At = DateTimeOffset.UnixEpoch.AddTicks(7),
            Fault = "agent",
            Tags = ["loud, \"quoted\"", "ü\nx"],
            Note = "two\r\nlines, 漢字 😀 \u202Eleft = 1;",
            Blind = true,
        };
        var edited = rows.First(r => r.Status == "accepted" && r.Id != rows[0].Id && r.Id != rows[1].Id);
        using (var log = new DecisionLog(path, TimeProvider.System))
        {
            await log.Append(said, CancellationToken.None);
            await log.Append(
                said with
                {
                    Row = rows[1].Id,
                    Ruling = Ruling.Defer,
                    Fault = null,
                    Tags = [],
                    Note = null,
                },
                CancellationToken.None
            );
            await log.Append(
                said with
                {
                    Row = edited.Id,
                    Ruling = Ruling.Revise,
                    Turns = EditedDialogue.TurnsOf(edited),
                },
                CancellationToken.None
            );
        }

        var table = $"{path}.{format}";
        (await ReviewRun.Run("decisions", path, "--out", table)).Should().Be(0);
        var target = run.Copy();
        using (var decisions = new RunDecisions(target, checksShards: true, TimeProvider.System))
        {
            (await decisions.Import(table, "other", CancellationToken.None)).Should().Be(new Exchange.Imported(3, 3));
            (await decisions.Import(table, "other", CancellationToken.None)).Should().Be(new Exchange.Imported(3, 0));
        }

        using var before = new DecisionLog(path, TimeProvider.System);
        using var after = new DecisionLog(target, TimeProvider.System);
        after.Entries.Should().BeEquivalentTo(before.Entries);
    }

    [Fact]
    public async Task Another_tool_reads_and_writes_decisions_over_http()
    {
        var (path, rows) = (run.Copy(), Rows());
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url, "script");
        using var table = new StringContent($"model,row,ruling,note\nm1,{rows[0].Id},reject,bad\nm1,{rows[1].Id},accept,\n");

        var done = await client.Send(HttpMethod.Post, "/api/decisions.csv", table);

        done.ToJsonString().Should().Be("{\"lines\":2,\"kept\":2}");
        var lines = (await client.Get("/api/decisions.csv")).Split('\n');
        lines[0].Should().Be("row,reviewer,ruling,fault,tags,note,at,blind,turns");
        lines[1].Should().StartWith($"{rows[0].Id},script,reject,,,bad,20");
        Encoding.ASCII.GetString((await client.Bytes("/api/decisions.parquet"))[..4]).Should().Be("PAR1");
    }

    [Theory]
    [InlineData(
        "row,ruling\n{0},accept\ndemo/9999999/0,accept",
        "line 2 of the decisions: the run has no row demo/9999999/0; none was kept"
    )]
    [InlineData(
        "row,ruling\n{0},accept\n{0},maybe",
        "line 2 of the decisions: the ruling is \"maybe\"; it must be accept, reject, defer or revise; none was kept"
    )]
    [InlineData("row,ruling,fault\n{0},reject,moon", "line 1 of the decisions: the fault is \"moon\"; it must be *")]
    [InlineData("row,ruling,tags\n{0},reject,loud", "line 1 of the decisions: *; none was kept")]
    [InlineData(
        "row,ruling,turns\n{0},revise,\"[{{\"\"role\"\":\"\"user\"\",\"\"text\"\":\"\"hello\"\",\"\"calls\"\":[]}}]\"",
        "line 1 of the decisions: the edit of {0} fails *; none was kept"
    )]
    [InlineData("id,label\n1,2", "*.csv lacks the columns row and ruling; it has id, label")]
    public async Task A_table_with_a_wrong_line_is_refused_whole_by_a_sentence(string text, string sentence)
    {
        var path = run.Copy();
        var id = Rows().First(r => r.Status == "accepted" && r.ToolCallCount > 2).Id;
        var table = $"{path}.csv";
        await File.WriteAllTextAsync(table, string.Format(text, id));
        using var decisions = new RunDecisions(path, checksShards: true, TimeProvider.System);

        (
            await FluentActions
                .Awaiting(() => decisions.Import(table, "ada", CancellationToken.None))
                .Should()
                .ThrowAsync<ReviewException>()
        ).WithMessage(string.Format(sentence, id));
        decisions.Figures().Rows.Should().Be(0);
    }

    private Runs.Rows.ShardRow[] Rows() => [.. new RunReader(new(new DiskStorage(), run.Made)).Rows().Take(60)];
}
