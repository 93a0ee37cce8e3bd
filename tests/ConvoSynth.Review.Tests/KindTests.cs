using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Promotions;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Tests;

[Collection(ReviewRun.Collection)]
public sealed class KindTests(ReviewRun run)
{
    [Fact]
    public void Rows_of_a_kind_have_evidence_that_differs_in_quotations_and_numbers_alone()
    {
        using var tables = new RunTables(Folder(run.Made), TimeProvider.System);
        var kinds = new RunKinds(tables);
        var rows = new RunReader(Folder(run.Made)).Rows().ToDictionary(r => r.Id);

        var all = kinds.All();

        all.Should().HaveCountGreaterThan(10);
        foreach (var kind in all)
        {
            var ids = kinds.RowsOf(kind.Check, kind.Shape);
            ids.Should().HaveCount((int)kind.Rows);
            foreach (var id in ids)
                RowConversation
                    .VerdictsOf(rows[id])
                    .Should()
                    .Contain(v => $"{v.Stage}.{v.Check}" == kind.Check && Masked(v.Evidence) == Masked(kind.Evidence), id);
            tables.Count(new() { Check = kind.Check, Shape = kind.Shape }, []).Should().Be(kind.Rows);
        }
    }

    [Fact]
    public async Task The_rest_of_a_kind_is_decided_only_after_twenty_blind_decisions_that_agree_and_is_undone_as_a_whole()
    {
        var path = Many(out var ids);
        await using (var server = await ReviewRun.Serve(path, blind: true))
        {
            using var client = new HttpClient { BaseAddress = new(server.Url) };
            var page = await client.GetStringAsync("/kinds");
            client.DefaultRequestHeaders.Add("X-CSRF", Regex.Match(page, "name=\"csrf\" content=\"([^\"]+)\"").Groups[1].Value);
            var found = Regex.Match(page, "data-check=\"claims.values\" data-shape=\"([0-9a-f]+)\"");
            var kind = new { check = "claims.values", shape = found.Groups[1].Value };
            async Task<string> Rule(string ruling) =>
                await (await client.PostAsJsonAsync("/api/kinds", new { kind, ruling })).Content.ReadAsStringAsync();

            foreach (var id in ids.Take(19))
                await client.PostAsJsonAsync(
                    "/api/decisions",
                    new
                    {
                        row = id,
                        ruling = "reject",
                        blind = "yes",
                    }
                );
            // Decisions of a reviewer who saw the verdicts do not count.
            await client.PostAsJsonAsync("/api/decisions", new { row = ids[19], ruling = "reject" });
            (await Rule("reject")).Should().Contain("after 20 blind decisions that agree; there are 0 that accept and 19 that reject");
            await client.PostAsJsonAsync(
                "/api/decisions",
                new
                {
                    row = ids[20],
                    ruling = "reject",
                    blind = "yes",
                }
            );
            (await Rule("accept")).Should().Contain("error");
            (await client.GetStringAsync("/kinds")).Should().Contain("data-kind-rule=\"reject\"");
            (await Rule("reject")).Should().Be("{\"next\":null}");
            (await client.GetStringAsync("/kinds")).Should().Contain("rejected by ada");
        }

        var target = path + "-2";
        var done = Promotion.Write(path, target, noCheck: false, TimeProvider.System);
        var sample = ids.Skip(21).Count(KindRule.IsSample);
        done.Should()
            .Be(
                new Promoted(ids.Length, Accepted: 0, Rejected: ids.Length - sample, Revised: 0, Tied: 0, ByRule: ids.Length - 21 - sample)
            );
        new RunReader(Folder(target))
            .Rows()
            .GroupBy(r => (r.Status, r.LabelSource))
            .ToDictionary(g => g.Key, g => g.Count())
            .Should()
            .BeEquivalentTo(
                new Dictionary<(string, string?), int>
                {
                    [(RowStatus.Rejected, "human")] = 21,
                    [(RowStatus.Rejected, "rule")] = ids.Length - 21 - sample,
                    [(RowStatus.Undecided, "checks")] = sample,
                }
            );
        sample.Should().BePositive("one row in fifty stays with people");

        using (var log = new DecisionLog(path, TimeProvider.System))
        {
            var rule = log.Entries.Single(e => e.Kind is not null);
            await log.Append(rule with { Ruling = Ruling.Undo }, CancellationToken.None);
        }

        Promotion.Write(path, path + "-3", noCheck: false, TimeProvider.System).ByRule.Should().Be(0);
    }

    // Two hundred undecided rows whose evidence differs in a number.
    private string Many(out string[] ids)
    {
        var path = run.CopyWithoutRows();
        var row = new RunReader(Folder(run.Made)).Rows(ShardSet.Accepted).First();
        using var shards = PartitionShards.Open(Folder(path), 0, null, new ParquetShards());
        var rows = Enumerable
            .Range(0, 240)
            .Select(i =>
                row with
                {
                    Id = $"demo/{i}/0",
                    Index = i,
                    Status = RowStatus.Undecided,
                    UndecidedReasons = ["claims.values"],
                    Verdicts =
                    [
                        System.Text.Encoding.UTF8.GetBytes(
                            $$"""
                            {"stage":"claims","check":"values","kind":"language","outcome":"unsure","fault":"none",
                             "evidence":"says ${{i}}.50"}
                            """
                        ),
                    ],
                }
            )
            .ToArray();
        foreach (var one in rows)
            shards.Append(one.Index, [one]);
        shards.Commit();
        ids = [.. rows.Select(r => r.Id)];
        return path;
    }

    private static string Masked(string? evidence) =>
        Regex.Replace(Regex.Replace(evidence ?? "", "\"[^\"]*\"", "\"\""), "[0-9]+([.,:/-][0-9]+)*", "0");

    private static RunFolder Folder(string path) => new(new DiskStorage(), path);
}
