using System.Net.Http.Json;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>Rows that wait for reviewers, over HTTP as other tools draw them.</summary>
[Collection(ReviewRun.Collection)]
public sealed class QueueTests(ReviewRun run)
{
    [Fact]
    public async Task Each_suggested_queue_holds_what_its_view_lists_and_no_attempt_that_another_followed()
    {
        await using var server = await ReviewRun.Serve(run.Made);
        using var client = await ReviewClient.Of(server.Url);
        var rows = new RunReader(new(new DiskStorage(), run.Made)).Rows().Where(r => r.Status is not ("retried" or "failed")).ToArray();

        var queues = (await client.Send(HttpMethod.Get, "/api/queues"))
            .AsArray()
            .ToDictionary(q => (string)q!["name"]!, q => (long)q!["open"]!);

        queues["undecided"].Should().Be(rows.Count(r => r.Status == "undecided"));
        queues["random"].Should().Be(rows.Length);
        queues["controls"].Should().Be(rows.Count(r => r.PlantedFault is not null || r.Status == "accepted"));
        queues
            .Should()
            .ContainKeys("longest", "costliest", "outcome.end-state")
            .And.NotContainKey("judges split", "this run has no judges");
    }

    [Fact]
    public async Task Priorities_and_shares_say_what_comes_and_no_row_comes_twice()
    {
        var path = run.Copy();
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url);
        object[] queues =
        [
            new
            {
                name = "first",
                view = "?check=outcome.end-state&outcome=fail",
                priority = 1,
                share = 1,
            },
            new
            {
                name = "many",
                view = "?status=accepted",
                priority = 2,
                share = 3,
            },
            new
            {
                name = "few",
                view = "?status=undecided",
                priority = 2,
                share = 1,
            },
        ];
        var kept = (await client.Send(HttpMethod.Put, "/api/queues", JsonContent.Create(queues))).AsArray();
        var first = (int)kept[0]!["open"]!;
        first.Should().BeInRange(3, 60);

        var statuses = new List<string>();
        var seen = new HashSet<string>();
        var known = new RunReader(new(new DiskStorage(), path)).Rows().ToDictionary(r => r.Id);
        for (var i = 0; i < first + 24; i++)
        {
            var row = (string)(await client.Send(HttpMethod.Post, "/api/queues/all/next"))["row"]!;
            seen.Add(row).Should().BeTrue();
            statuses.Add(known[row].Status);
            await client.Decide(row, "reject");
        }

        statuses.Take(first).Should().OnlyContain(s => s == "rejected" || s == "undecided");
        // Three in four by share: 24 draws, or as many as the smaller queue has.
        statuses.Skip(first).Count(s => s == "accepted").Should().BeInRange(12, 23);
        (
            await client.Send(
                HttpMethod.Put,
                "/api/queues",
                JsonContent.Create(
                    new[]
                    {
                        new
                        {
                            name = "x",
                            view = "",
                            share = -1,
                        },
                    }
                )
            )
        )["error"]!.ToString().Should().Be("the share of \"x\" is -1; it must be from 0 to 1,000,000");
        (await client.Send(HttpMethod.Post, "/api/queues/none/next"))["error"]!.ToString().Should().Be("the run has no queue \"none\"");
    }

    [Fact]
    public async Task Two_reviewers_of_a_queue_are_handed_different_rows_and_each_row_as_often_as_it_wants_reviews()
    {
        await using var server = await ReviewRun.Serve(run.Copy());
        using var ada = await ReviewClient.Of(server.Url, "ada");
        using var bob = await ReviewClient.Of(server.Url, "bob");
        using var eve = await ReviewClient.Of(server.Url, "eve");
        await ada.Send(
            HttpMethod.Put,
            "/api/queues",
            JsonContent.Create(
                new[]
                {
                    new
                    {
                        name = "twice",
                        view = "?status=undecided",
                        reviews = 2,
                    },
                }
            )
        );
        static async Task<string?> Next(ReviewClient client) =>
            (string?)(await client.Send(HttpMethod.Post, "/api/queues/twice/next"))["row"];

        var (one, other) = (await Next(ada), await Next(bob));
        one.Should().NotBe(other);
        await ada.Decide(one!, "accept");
        await bob.Decide(one!, "accept");

        (await Next(eve)).Should().NotBe(one, "two reviewers decided it");
        (await ada.Send(HttpMethod.Get, $"/api/decisions/{one}")).AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task Controls_are_half_planted_hide_their_verdicts_and_measure_the_reviewer()
    {
        var path = run.Copy();
        await using var server = await ReviewRun.Serve(path);
        using var client = await ReviewClient.Of(server.Url);
        var known = new RunReader(new(new DiskStorage(), path)).Rows().ToDictionary(r => r.Id);
        var (found, missed, alarms, passed) = (0, 0, 0, 0);
        for (var i = 0; i < 40; i++)
        {
            var next = await client.Send(HttpMethod.Post, "/api/queues/controls/next");
            var row = (string)next["row"]!;
            if (i == 0)
                (await client.Get((string)next["page"]!))
                    .Should()
                    .NotContain("class=\"verdict")
                    .And.NotContain("planted fault")
                    .And.Contain("Blind:");
            var (isPlanted, rejects) = (known[row].PlantedFault is not null, i % 3 != 0);
            _ = isPlanted ? (rejects ? found++ : missed++) : (rejects ? alarms++ : passed++);
            await client.Decide(row, rejects ? "reject" : "accept", blind: true);
            if (i == 0)
                // The verdicts were shown by now: what is said afterwards does not count, and neither does it after an undo.
                await client.Decide(row, "undo");
            if (i == 0)
                await client.Decide(row, "reject", blind: true);
        }

        (found + missed).Should().BeInRange(12, 28, "planted and clean ones are as many on every stretch");
        using var log = new DecisionLog(path, TimeProvider.System);
        using var decisions = new Http.RunDecisions(path, checksShards: true, TimeProvider.System);
        decisions.Figures().Reviewers.Should().Equal(new ControlMeasure("ada", found, missed, alarms, passed));
        (await client.Get("/learn")).Should().Contain("<th scope=\"row\">ada</th>");
    }
}
