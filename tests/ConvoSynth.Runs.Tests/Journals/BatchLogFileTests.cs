using System.Text;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Tests.Journals;

/// <summary>The log of batches in a run folder.</summary>
public sealed class BatchLogFileTests : IDisposable
{
    private static readonly BatchEntry File = new("file-1") { Requests = ["a", "b"], Tokens = 12 };
    private static readonly BatchEntry Batch = new("file-1") { Batch = "batch-1" };
    private static readonly BatchEntry Closed = new("file-1") { IsClosed = true };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-batches-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Entries_are_read_as_they_were_written_and_a_torn_one_is_replaced_by_the_next()
    {
        var log = Log();
        (await log.Read()).Should().BeEmpty();
        (await log.Append(0, File)).Should().BeTrue();
        (await log.Append(1, Batch)).Should().BeTrue();
        await System.IO.File.AppendAllTextAsync(At, "{\"file\":\"file-2\",\"requ");
        var next = Log();

        var read = await next.Read();
        (await next.Append(2, Closed)).Should().BeTrue();

        read.Should().BeEquivalentTo([File, Batch], o => o.WithStrictOrdering());
        (await Log().Read()).Should().BeEquivalentTo([File, Batch, Closed], o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Of_two_writers_that_know_the_same_entries_one_appends()
    {
        var (one, two) = (Log(), Log());
        await one.Read();
        await two.Read();

        (await one.Append(0, File)).Should().BeTrue();
        (await two.Append(0, new("file-2"))).Should().BeFalse();

        (await two.Read()).Should().BeEquivalentTo([File]);
        (await two.Append(1, Batch)).Should().BeTrue();
    }

    [Fact]
    public async Task A_damaged_log_is_one_sentence()
    {
        await Log().Read();
        Directory.CreateDirectory(Path.GetDirectoryName(At)!);
        await System.IO.File.WriteAllBytesAsync(At, Encoding.UTF8.GetBytes("{\"file\":3}\n"));

        var read = async () => await Log().Read();

        (await read.Should().ThrowAsync<JournalException>()).WithMessage("*has a line that is no entry of a log of batches*");
    }

    private string At => Path.Combine(_folder.FullName, "batches", "judge.jsonl");

    private BatchLogFile Log() => new(new RunFolder(new DiskStorage(), _folder.FullName), "judge", isShared: false);
}
