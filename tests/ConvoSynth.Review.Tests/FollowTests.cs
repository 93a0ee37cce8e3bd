using System.Text.Json.Nodes;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>A run in progress, and shards that change under the app.</summary>
[Collection(ReviewRun.Collection)]
public sealed class FollowTests(ReviewRun run)
{
    [Fact]
    public async Task Events_tell_of_new_rows_and_end_with_the_run()
    {
        var path = run.Copy();
        var summary = Path.Combine(path, "summary.json");
        var text = await File.ReadAllTextAsync(summary);
        File.Delete(summary);
        await using var server = await ReviewRun.Serve(path);
        using var client = new HttpClient { BaseAddress = new(server.Url) };
        (await client.GetStringAsync("/")).Should().Contain("The run is in progress: 240 dialogues so far");
        using var reader = new StreamReader(await client.GetStreamAsync("/api/events"));

        (await Next(reader))!.ToJsonString().Should().Be("""{"rows":240,"planned":240,"ended":false}""");
        var row = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted).First();
        using (var shards = PartitionShards.Open(new(new DiskStorage(), path), 77, null, new ParquetShards()))
        {
            shards.Append(row.Index, [row with { Id = "demo/later/0" }]);
            shards.Commit();
        }

        ((long)(await Next(reader))!["rows"]!).Should().Be(241);
        await File.WriteAllTextAsync(summary, text);
        ((bool)(await Next(reader))!["ended"]!).Should().BeTrue();
        (await Next(reader)).Should().BeNull("the stream ends with the run");
        (await client.GetStringAsync("/")).Should().NotContain("The run is in progress");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shard_that_is_cut_or_replaced_under_the_app_is_told_and_decisions_are_kept(bool isCut)
    {
        var path = run.Copy();
        var row = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Accepted).First();
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url);
        await client.Decide(row.Id, "accept");
        var shard = Directory.EnumerateFiles(Path.Combine(path, "accepted")).Order().First();
        await File.WriteAllBytesAsync(
            shard,
            isCut ? File.ReadAllBytes(shard)[..1000] : File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(path, "rejected")).First())
        );

        using var plain = new HttpClient { BaseAddress = new(server.Url) };
        using var answer = await plain.GetAsync($"/row/{row.Id}");

        (await answer.Content.ReadAsStringAsync())
            .Should()
            .Be(
                $"{shard} was changed or replaced while the app ran; restore it, and start the app again, which compares it with its commit"
            );
        (await client.Decide(row.Id, "reject"))["error"]!.ToString().Should().StartWith(shard);
        (await client.Send(HttpMethod.Get, $"/api/decisions/{row.Id}")).AsArray().Should().ContainSingle();
    }

    private static async Task<JsonNode?> Next(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(line["data: ".Length..]);
        }

        return null;
    }
}
