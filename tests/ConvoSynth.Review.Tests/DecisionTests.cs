using ConvoSynth.Review.Decisions;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Review.Tests;

public sealed class DecisionTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("convosynth-decisions-").FullName;
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public async Task A_decision_is_there_after_a_restart_with_all_that_was_said()
    {
        var decision = Of("run/1/0", Ruling.Reject) with { Fault = "agent", Tags = ["loud", "ü\nx"], Note = "\"quoted\" 漢字 \u2028" };
        using (var log = Open())
            await log.Append(decision, CancellationToken.None);

        using var again = Open();

        again.Entries.Should().ContainSingle().Which.Should().BeEquivalentTo(decision);
        File.ReadAllLines(again.Path).Should().ContainSingle();
    }

    [Fact]
    public async Task A_torn_last_line_never_counted_and_is_overwritten()
    {
        using (var log = Open())
        {
            await log.Append(Of("run/1/0", Ruling.Accept), CancellationToken.None);
            await File.AppendAllTextAsync(log.Path, "0123abcd {\"row\":\"run/2");
        }

        using var again = Open();
        again.Entries.Should().HaveCount(1);
        await again.Append(Of("run/3/0", Ruling.Accept), CancellationToken.None);

        using var last = Open();
        last.Entries.Select(d => d.Row).Should().Equal("run/1/0", "run/3/0");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task A_damaged_line_is_told_and_nothing_is_added_to_it(int at)
    {
        using (var log = Open())
        {
            await log.Append(Of("run/1/0", Ruling.Accept), CancellationToken.None);
            await log.Append(Of("run/2/0", Ruling.Accept), CancellationToken.None);
            var bytes = await File.ReadAllBytesAsync(log.Path);
            bytes[at] ^= 1;
            await File.WriteAllBytesAsync(log.Path, bytes);
        }

        FluentActions.Invoking(Open).Should().Throw<ReviewException>().WithMessage("*decisions.log is damaged: entry 1 of*");
    }

    [Fact]
    public async Task Two_servers_on_one_run_see_and_keep_each_others_decisions()
    {
        using var first = Open();
        using var second = Open();

        for (var i = 0; i < 20; i++)
            await (i % 2 == 0 ? first : second).Append(Of($"run/{i}/0", Ruling.Accept), CancellationToken.None);
        await second.Append(Of("run/99/0", Ruling.Accept), CancellationToken.None);

        using var third = Open();
        third.Entries.Should().HaveCount(21);
        second.Entries.Should().HaveCount(21);
    }

    [Fact]
    public async Task A_decision_that_cannot_be_kept_or_is_wrong_is_refused_in_a_sentence()
    {
        using var log = Open();
        // A folder where the file should be: as a full or read-only disk would, it fails the write.
        Directory.CreateDirectory(log.Path);

        var append = (Decision decision) => FluentActions.Awaiting(() => log.Append(decision, CancellationToken.None));

        (await append(Of("run/1/0", Ruling.Accept)).Should().ThrowAsync<ReviewException>()).WithMessage("the decision was not kept: *");
        (await append(Of("run/1/0", Ruling.Accept) with { Fault = "moon" }).Should().ThrowAsync<ReviewException>()).WithMessage(
            "the fault is \"moon\"; it must be agent, human, blueprint, environment or endpoint"
        );
        (await append(Of("run/1/0", Ruling.Accept) with { Reviewer = " " }).Should().ThrowAsync<ReviewException>()).WithMessage(
            "a reviewer's name has 1 to 100 characters"
        );
        (await append(Of("run/1/0", Ruling.Revise)).Should().ThrowAsync<ReviewException>()).WithMessage(
            "a revision has the edited turns, and no other decision has"
        );
        log.Entries.Should().BeEmpty();
    }

    [Fact]
    public void What_most_reviewers_say_holds_and_a_tie_settles_nothing()
    {
        var standing = new Standing([
            Of("a", Ruling.Accept, "ada"),
            Of("b", Ruling.Accept, "ada"),
            Of("b", Ruling.Reject, "bob"),
            Of("c", Ruling.Reject, "ada"),
            Of("c", Ruling.Accept, "ada"),
            Of("c", Ruling.Defer, "bob"),
            Of("d", Ruling.Reject, "ada"),
            Of("d", Ruling.Undo, "ada"),
            Of("e", Ruling.Accept, "ada"),
            Of("e", Ruling.Reject, "bob"),
            Of("e", Ruling.Reject, "eve"),
        ]);

        standing.Settled("a", out _)!.Ruling.Should().Be(Ruling.Accept);
        standing.Settled("b", out var tied).Should().BeNull();
        tied.Should().BeTrue();
        standing.Settled("c", out tied)!.Ruling.Should().Be(Ruling.Accept, "the later decision of a reviewer replaces the earlier");
        standing.Settled("d", out tied).Should().BeNull();
        tied.Should().BeFalse();
        standing.Settled("e", out _)!.Ruling.Should().Be(Ruling.Reject);
        standing.Rows.Should().BeEquivalentTo("a", "b", "c", "e");
        standing.By("bob").Should().BeEquivalentTo("b", "c", "e");
    }

    [Fact]
    public void An_undo_brings_the_earlier_decision_of_the_same_reviewer_back()
    {
        var standing = new Standing([Of("a", Ruling.Reject, "ada"), Of("a", Ruling.Accept, "ada"), Of("a", Ruling.Undo, "ada")]);

        standing.Of("a", "ada")!.Ruling.Should().Be(Ruling.Reject);
    }

    [Fact]
    public void A_claim_keeps_others_away_until_it_ends()
    {
        var claims = new Claims(_run, _time);

        claims.Take("a", "ada").Should().BeNull();
        claims.Take("a", "bob").Should().Be("ada");
        claims.Other("a", "ada").Should().BeNull();
        _time.Advance(Claims.Lease - TimeSpan.FromSeconds(1));
        claims.Other("a", "bob").Should().Be("ada");
        _time.Advance(TimeSpan.FromSeconds(1));
        claims.Other("a", "bob").Should().BeNull();
        claims.Take("a", "bob").Should().BeNull();
        claims.Other("a", "ada").Should().Be("bob");
        new Claims(_run, _time).Other("a", "ada").Should().Be("bob", "browsers outlive a server that is started anew");
    }

    [Fact]
    public async Task A_decision_that_is_sent_again_is_kept_once()
    {
        var decision = Of("run/1/0", Ruling.Accept) with { Key = "k1" };
        using (var log = Open())
        {
            await log.Append(decision, CancellationToken.None);
            await log.Append(decision, CancellationToken.None);
        }

        using var again = Open();
        await again.Append(decision, CancellationToken.None);
        await again.Append(decision with { Key = "k2" }, CancellationToken.None);

        again.Entries.Select(d => d.Key).Should().Equal("k1", "k2");
    }

    [Fact]
    public async Task A_log_of_a_newer_version_is_told_and_left_as_it_is()
    {
        string path;
        using (var log = Open())
        {
            await log.Append(Of("run/1/0", Ruling.Accept), CancellationToken.None);
            path = log.Path;
        }

        var newer = "{\"row\":\"run/2/0\",\"ruling\":\"accept\",\"reviewer\":\"ada\",\"at\":\"2031-01-01T00:00:00Z\",\"mood\":\"good\"}";
        var crc = System.IO.Hashing.Crc32.HashToUInt32(System.Text.Encoding.UTF8.GetBytes(newer)).ToString("x8");
        await File.AppendAllTextAsync(path, $"{crc} {newer}\n");

        FluentActions
            .Invoking(Open)
            .Should()
            .Throw<ReviewException>()
            .WithMessage("*decisions.log was written by a newer version of convosynth*");
        (await File.ReadAllTextAsync(path)).Should().Contain("mood");
    }

    private DecisionLog Open() => new(_run, TimeProvider.System);

    private static Decision Of(string row, Ruling ruling, string reviewer = "ada") =>
        new()
        {
            Row = row,
            Ruling = ruling,
            Reviewer = reviewer,
            At = DateTimeOffset.UnixEpoch,
        };
}
