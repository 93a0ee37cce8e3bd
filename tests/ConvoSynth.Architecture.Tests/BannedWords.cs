using System.Text.RegularExpressions;

namespace ConvoSynth.Architecture.Tests;

/// <summary>Code that plays dialogues must not depend on time, chance or threads.</summary>
public sealed partial class BannedWords
{
    [Theory]
    [InlineData("ConvoSynth.Grains")]
    [InlineData("ConvoSynth.Dialogues")]
    [InlineData("ConvoSynth.Verification")]
    [InlineData("ConvoSynth.Runs/Trajectories")]
    public void Grains_and_roles_never_leave_their_scheduler_nor_look_at_the_clock(string project)
    {
        // A run's setup reads a recorded file and the prompts, and a silo takes its port, before any grain runs.
        var files = Sources
            .Code("src", project)
            .Where(f =>
                !f.Path.EndsWith("/Recorded/RecordedDialogues.cs", StringComparison.Ordinal)
                && !f.Path.EndsWith("/Prompts/PromptSet.cs", StringComparison.Ordinal)
                && !f.Path.StartsWith("src/ConvoSynth.Grains/Hosting/", StringComparison.Ordinal)
            )
            .ToArray();

        files.Should().NotBeEmpty();
        files
            .SelectMany(f => f.Lines.Select((line, i) => (Where: $"{f.Path}:{i + 1}", Match: Banned().Match(line))))
            .Where(l => l.Match.Success)
            .Select(l => $"{l.Where} {l.Match.Value}")
            .Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("await Task.Run(() => 1);")]
    [InlineData("await x.ConfigureAwait(false);")]
    [InlineData("new SemaphoreSlim(1)")]
    [InlineData("await Parallel.ForEachAsync(")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("var r = new Random(5);")]
    [InlineData("Random.Shared.Next()")]
    [InlineData("await source.CancelAsync();")]
    [InlineData("Channel.CreateBounded<int>(1)")]
    [InlineData("await Task.Delay(pause, token);")]
    [InlineData("DateTimeOffset.UtcNow")]
    [InlineData("Guid.NewGuid()")]
    [InlineData("File.ReadAllText(path)")]
    [InlineData("source.CancelAfter(1000)")]
    public void Each_banned_word_is_found(string line) => Banned().IsMatch(line).Should().BeTrue();

    [Theory]
    [InlineData("await Task.Delay(pause, time, cancellationToken);")]
    [InlineData("new SeededRandom(seed)")]
    [InlineData("await Task.WhenAll(tasks);")]
    [InlineData("await Task.Yield();")]
    public void What_is_allowed_is_not_found(string line) => Banned().IsMatch(line).Should().BeFalse();

    // Task.Delay is allowed with the injected clock as its second argument.
    [GeneratedRegex(
        @"\bTask\.Run\b|\bTaskFactory\b|\bTask\.Factory\b|\bConfigureAwait\b|\bSemaphoreSlim\b|\bParallel\.|\bThread\.Sleep\b"
            + @"|\bThreadPool\b|\bnew Random\b|\bRandom\.Shared\b"
            + @"|\bCancelAsync\b|\bCancelAfter\b|\bCreateBounded\b|\bTask\.Delay\((?!.*, time\b)|\bDateTime\.(Utc)?Now\b"
            + @"|\bDateTimeOffset\.(Utc)?Now\b|\bGuid\.NewGuid\b|\bStopwatch\b"
            + @"|\bEnvironment\.TickCount|\bFile\.|\bFileStream\b"
    )]
    private static partial Regex Banned();
}
