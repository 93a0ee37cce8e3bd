using System.Text;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Tests;

namespace ConvoSynth.Review.Tests;

/// <summary>What a reviewer, a tool or the machine does wrong.</summary>
[Collection(ReviewRun.Collection)]
public sealed class HostileTests(ReviewRun run)
{
    [Theory]
    [InlineData("{\"row\":\"ROW\",\"ruling\":\"accept\",\"note\":\"\\ud83d\"}")]
    [InlineData("{\"row\":\"ROW\",\"ruling\":\"maybe\"}")]
    [InlineData("{\"row\":")]
    public async Task A_body_that_is_no_decision_is_refused_by_a_sentence_and_nothing_is_kept(string body)
    {
        var path = run.Copy();
        var row = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted).First().Id;
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url);

        var (status, answer) = await client.Raw(
            HttpMethod.Post,
            "/api/decisions",
            new StringContent(body.Replace("ROW", row), Encoding.UTF8, "application/json")
        );

        status.Should().Be(400);
        answer.Should().NotBeEmpty().And.NotContain("   at ");
        (await client.Get("/api/decisions")).Should().Be("[]");
    }

    [Fact]
    public async Task Hostile_notes_and_tags_come_back_whole_and_are_text_in_the_page()
    {
        const string Hostile = "<script>window.ran = 1</script> \u202Eleft\u202C 😀 \u0000 end";
        var path = run.Copy();
        var row = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted).First().Id;
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url);

        await client.Post(
            "/api/decisions",
            new
            {
                row,
                ruling = "reject",
                note = Hostile,
                tags = (string[])[Hostile],
            }
        );

        var kept = (await client.Send(HttpMethod.Get, $"/api/decisions/{row}"))[0]!;
        ((string)kept["note"]!).Should().Be(Hostile);
        (await client.Get($"/row/{row}")).Should().Contain("&lt;script&gt;window.ran = 1").And.NotContain("<script>window");
        var table = $"{path}.parquet";
        (await ReviewRun.Run("decisions", path, "--out", table)).Should().Be(0);
        Exchange.DecisionTable.Read(table)[0]["note"].Should().Be(Hostile);
    }

    [MountFact]
    public async Task A_full_disk_refuses_a_decision_by_a_sentence_and_loses_none_that_was_kept()
    {
        var path = Directory.CreateTempSubdirectory("convosynth-full-").FullName;
        MountFactAttribute.Call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path).Should().BeTrue();
        try
        {
            using var log = new DecisionLog(path, TimeProvider.System);
            await log.Append(Of("run/1/0"), CancellationToken.None);
            var filler = Path.Combine(path, "filler");
            Fill(filler);
            var second = Of("run/2/0") with { Note = new string('x', 9000) };

            (
                await FluentActions.Awaiting(() => log.Append(second, CancellationToken.None)).Should().ThrowAsync<ReviewException>()
            ).WithMessage("the decision was not kept: *No space left on device*");
            log.Entries.Should().ContainSingle();
            File.Delete(filler);
            await log.Append(second with { Row = "run/3/0" }, CancellationToken.None);

            using var again = new DecisionLog(path, TimeProvider.System);
            again.Entries.Select(d => d.Row).Should().Equal("run/1/0", "run/3/0");
        }
        finally
        {
            MountFactAttribute.Call("umount", path).Should().BeTrue();
            Directory.Delete(path);
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static Decision Of(string row) =>
        new()
        {
            Row = row,
            Ruling = Ruling.Accept,
            Reviewer = "ada",
            At = DateTimeOffset.UnixEpoch,
        };
}
