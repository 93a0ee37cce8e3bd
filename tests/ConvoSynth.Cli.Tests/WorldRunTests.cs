using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Cli.Tests;

/// <summary>Runs over many databases of each pack, and their playback.</summary>
public sealed class WorldRunTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_partition_is_about_a_world_of_its_own_and_its_rows_say_which()
    {
        var run = await Made("--domain", "retail", "--domain", "library", "--worlds", "3", "--count", "36");

        var rows = Rows(run);

        rows.Should().HaveCount(36);
        foreach (var domain in rows.GroupBy(r => r.Domain))
        {
            var worlds = domain.OrderBy(r => r.Index).Select(r => (r.Index, World: RowJson.Cell(r.World))).ToArray();
            worlds.Select(w => w.World["data"].Text).Distinct().Should().HaveCount(3);
            worlds.GroupBy(w => w.Index / 12).Should().OnlyContain(p => p.Select(w => w.World.ToString()).Distinct().Count() == 1);
            domain.Should().OnlyContain(r => RowJson.Cell(r.World)["generator"].Text == r.PackHash);
        }

        rows.Select(r => r.FamilyId)
            .Distinct()
            .Should()
            .OnlyContain(f => rows.Where(r => r.FamilyId == f).Select(r => RowJson.Cell(r.World).ToString()).Distinct().Count() == 1);
        // The agent is told the policy of its world.
        rows.Where(r => r.Domain == "library")
            .Select(r => Regex.Match(RowJson.Cell(r.Messages[0])["content"].Text!, "With .* or more in open fines").Value)
            .Distinct()
            .Should()
            .HaveCountGreaterThan(1);
    }

    [Fact]
    public async Task A_run_without_worlds_has_none_in_its_rows()
    {
        var run = await Made("--domain", "library", "--count", "6");

        Rows(run).Should().HaveCount(6).And.OnlyContain(r => r.World.IsEmpty);
        (await File.ReadAllTextAsync(Path.Combine(run, "run.json"))).Should().NotContain("worlds");
    }

    [Fact]
    public async Task A_run_of_worlds_comes_out_the_same_and_under_other_checks_its_dialogues_do()
    {
        var run = await Made("--domain", "library", "--worlds", "4", "--count", "32", "--fault-rate", "0.3");

        var again = await Convosynth.Run("replay-run", run);
        var verified = await Convosynth.Run("verify", run, "--out", _folder.At("verified"));

        again.ExitCode.Should().Be(0, again.Errors + again.Output);
        again.Output.Should().Contain("came out the same, byte for byte");
        verified.ExitCode.Should().Be(0, verified.Errors);
        TestFolder.Rows(_folder.At("verified")).Should().Equal(TestFolder.Rows(run));
    }

    [Fact]
    public async Task A_run_that_stopped_in_its_middle_ends_in_the_same_bytes()
    {
        string[] options = ["--domain", "library", "--worlds", "4", "--count", "200", "--latency-ms", "20", "--concurrency", "4"];
        var whole = await Made(options);
        var run = _folder.At("stopped", "run");
        var underway = Convosynth.Start(["generate", .. options, "--seed", "3", "--out", run]);
        await Convosynth.UntilSomeAreDone(underway);
        await Convosynth.Interrupt(underway);
        (await Convosynth.End(underway)).ExitCode.Should().Be(130);

        var resumed = await Convosynth.Run(["generate", .. options, "--seed", "3", "--out", run, "--resume"]);

        resumed.ExitCode.Should().Be(0, resumed.Errors);
        Shards(run).Should().Equal(Shards(whole));
    }

    // The second owner's shards bear its epoch in their names.
    private static IEnumerable<string> Shards(string run) =>
        Directory
            .EnumerateFiles(run, "*.parquet", SearchOption.AllDirectories)
            .Select(f =>
                $"{RunFolder.PlainName(Path.GetRelativePath(run, f))} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"
            )
            .Order(StringComparer.Ordinal);

    [Fact]
    public async Task A_world_that_comes_out_otherwise_is_refused_by_name()
    {
        var run = await Made("--domain", "library", "--worlds", "2", "--count", "8");
        var worlds = Rows(run).Select(r => RowJson.Cell(r.World)).DistinctBy(w => w["seed"].Text).ToArray();
        var packs = _folder.At("packs");
        var file = Path.Combine(_folder.CopyOfPack("library"), "worlds.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("int(6..14)", "int(7..15)"));

        var ran = await Convosynth.Run("verify", run, "--out", _folder.At("other"), "--packs", packs);

        ran.ExitCode.Should().Be(1);
        worlds
            .Should()
            .HaveCount(2)
            .And.Contain(w => ran.Errors.Contains($"the world {w["seed"].Text} of library has the data hash {w["data"].Text} in the rows"));
    }

    [Fact]
    public async Task Worlds_go_with_sampled_tasks_on_the_packs_own_data()
    {
        (await Convosynth.Run("generate", "--worlds", "5", "--data", _folder.At(), "--out", _folder.At("a")))
            .Sentence()
            .Should()
            .Contain("5 worlds are wanted, and ")
            .And.EndWith("is about one database; leave out one of the two");
        (await Convosynth.Run("generate", "--worlds", "-1", "--out", _folder.At("b")))
            .Sentence()
            .Should()
            .Contain("is -1; it must be from 0 to 100000");
    }

    [Fact]
    public async Task A_resume_with_other_worlds_is_refused()
    {
        var run = await Made("--domain", "library", "--worlds", "2", "--count", "4");

        (await Convosynth.Run("generate", "--domain", "library", "--count", "4", "--seed", "3", "--out", run, "--resume"))
            .Sentence()
            .Should()
            .Contain("holds another run: its worlds is 2, not 0");
    }

    [Fact]
    public async Task A_run_of_the_format_before_worlds_is_read_and_played_again()
    {
        var run = Path.Combine(Convosynth.Repository, "tests", "ConvoSynth.Cli.Tests", "recorded", "format-3");

        var rows = Rows(run);
        var played = await Convosynth.Run("replay-run", run);

        rows.Should().HaveCount(3).And.OnlyContain(r => r.SchemaVersion == 2 && r.World.IsEmpty);
        played
            .Output.Should()
            .MatchRegex(
                "3 rows came out the same; its format is 3 |the row run/0/0 has other (verdicts, checks_version|checks_version|verdicts)\n",
                "the column that came later is not compared"
            );
    }

    [Fact]
    public async Task A_run_of_the_format_before_needed_calls_is_read_and_played_again()
    {
        var run = Path.Combine(Convosynth.Repository, "tests", "ConvoSynth.Cli.Tests", "recorded", "format-4");

        var rows = Rows(run);
        var played = await Convosynth.Run("replay-run", run);

        rows.Should().HaveCount(3).And.OnlyContain(r => r.SchemaVersion == 3 && r.PassRate.IsEmpty && r.ToolsTimeline.IsEmpty);
        played
            .Output.Should()
            .MatchRegex(
                "3 rows came out the same; its format is 4 |the row run/0/0 has other (verdicts, checks_version|checks_version|verdicts)\n",
                "what came later is not compared"
            );
    }

    [Fact]
    public async Task What_differs_between_worlds_is_counted()
    {
        var ran = await Convosynth.Run("packs", "worlds", "library", "--count", "3", "--json");

        ran.ExitCode.Should().Be(0, ran.Errors);
        var counts = Json.Parse(ran.Output.Trim());
        counts["worlds"].Number.Should().Be(3);
        counts["different"].Number.Should().Be(3);
        var surnames = counts["names"].Items.Single(n => n["field"].Text == "member.surname");
        surnames["all"].Number.Should().BeGreaterThan(surnames["first"].Number!.Value * 1.5);
        counts["parameters"].Items.Select(p => p["name"].Text).Should().Contain("fine_limit");
        counts["guards"].Items.Should().Contain(g => g["guard"].Text == "renew_loan.LowFines (3.1)" && g["broken"].Number >= 30);
        (await Convosynth.Run("packs", "worlds", "library", "--count", "0")).Sentence().Should().Contain("--count is 0; it must be from 1");
    }

    private async Task<string> Made(params string[] options)
    {
        var run = _folder.At("made", "run");
        var ran = await Convosynth.Run(["generate", .. options, "--seed", "3", "--out", run]);
        ran.ExitCode.Should().Be(0, ran.Errors);
        return run;
    }

    private static ConvoSynth.Runs.Rows.ShardRow[] Rows(string run) =>
        [.. new RunReader(new RunFolder(new DiskStorage(), run)).Rows().OrderBy(r => r.Index)];
}
