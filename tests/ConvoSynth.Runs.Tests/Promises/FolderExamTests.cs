using ConvoSynth.Runs.Promises;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Runs.Tests.Promises;

/// <summary>The exam of a folder of runs, with partners that tell what a bad file system would show.</summary>
public sealed class FolderExamTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-exam-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_local_disk_keeps_all_promises_and_is_left_as_it_was()
    {
        var promises = await Examine(new Honest());

        promises.Should().HaveCount(7).And.OnlyContain(p => p.IsKept);
        _folder.EnumerateFileSystemInfos().Should().BeEmpty();
    }

    [Fact]
    public async Task A_length_from_a_cache_is_found() =>
        (await Broken(new Deceitful("length", _ => "100")))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("the other process sees what was appended: not within 1 s");

    [Fact]
    public async Task A_file_that_a_cache_denies_is_found() =>
        (await Broken(new Deceitful("exists", _ => "no")))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("the other process sees new files");

    [Fact]
    public async Task Files_that_both_processes_created_are_counted() =>
        (await Broken(new Deceitful("race", _ => string.Join(' ', Enumerable.Range(0, Partner.Races))) { IsIdle = true }))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("200 by both");

    [Fact]
    public async Task A_torn_read_is_found() =>
        (await Broken(new Deceitful("torn", _ => "3"))).Should().ContainSingle().Which.Should().Contain("3 reads torn");

    [Fact]
    public async Task A_lock_that_does_not_lock_is_found() =>
        (await Broken(new Deceitful("lock", answer => answer == "busy" ? "locked" : answer)))
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith("both processes opened it to write");

    [Fact]
    public async Task A_lock_that_outlives_its_process_is_found()
    {
        using var immortal = new Honest { IsImmortal = true };

        (await Broken(immortal)).Should().ContainSingle().Which.Should().Be("the lock of a killed process is released: not within 5 s");
    }

    private async Task<List<PromiseKept>> Examine(IPartner partner)
    {
        var promises = new List<PromiseKept>();
        await foreach (var promise in new FolderExam(_folder.FullName, partner, new HastyTime()).Examine())
            promises.Add(promise);
        return promises;
    }

    private async Task<IEnumerable<string>> Broken(IPartner partner) =>
        (await Examine(partner)).Where(p => !p.IsKept).Select(p => $"{p.Name}: {p.Detail}");

    // Each look at the clock takes it on, and no timer waits.
    private sealed class HastyTime : FakeTimeProvider
    {
        public HastyTime() => AutoAdvanceAmount = TimeSpan.FromMilliseconds(10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class Honest : IPartner, IDisposable
    {
        private readonly Partner _partner = new();

        public bool IsImmortal { get; init; }

        public Task<string> Ask(string verb, string path) => Task.Run(() => _partner.Answer(verb, path));

        public Task Kill()
        {
            if (!IsImmortal)
                _partner.Dispose();
            return Task.CompletedTask;
        }

        public void Dispose() => _partner.Dispose();
    }

    private sealed class Deceitful(string verb, Func<string, string> change) : IPartner
    {
        private readonly Honest _honest = new();

        /// <summary>Whether it answers without doing what it was asked.</summary>
        public bool IsIdle { get; init; }

        public async Task<string> Ask(string asked, string path)
        {
            if (IsIdle && asked == verb)
                return change("");
            var answer = await _honest.Ask(asked, path);
            return asked == verb ? change(answer) : answer;
        }

        public Task Kill() => _honest.Kill();
    }
}
