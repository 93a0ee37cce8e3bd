using System.Text;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Tests.Rows;

namespace ConvoSynth.Runs.Tests.Folders;

public sealed class PartitionShardsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-shards-").FullName;
    private readonly RunFolder _run;

    public PartitionShardsTests() => _run = new RunFolder(new DiskStorage(), Path.Combine(_folder, "runs", "r"));

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            foreach (var folder in Directory.EnumerateDirectories(_folder, "*", SearchOption.AllDirectories))
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Shards_are_named_by_partition_and_sequence_and_committed_together()
    {
        using var shards = Open(limits: new ShardLimits { Indexes = 3 });
        shards.Append(10, [SyntheticRows.Make(10)]).Should().BeNull();
        shards.Append(11, [SyntheticRows.Make(11, status: RowStatus.Undecided)]).Should().BeNull();
        var commit = shards.Append(12, [SyntheticRows.Make(12, status: RowStatus.Rejected)])!;
        commit.Accepted!.File.Should().Be("accepted/train-00007-00000.parquet");
        commit.Undecided!.File.Should().Be("undecided/train-00007-00000.parquet");
        commit.Rejected!.File.Should().Be("rejected/train-00007-00000.parquet");
        (commit.FirstIndex, commit.LastIndex, commit.Sequence, commit.Indexes).Should().Be((10, 12, 0, 3));
        RunManifest.Read(_run).Commits.Should().Equal(commit);
        Directory.GetFiles(_run.Folder(ShardSet.Accepted)).Select(Path.GetFileName).Should().Equal("train-00007-00000.parquet");
        RunManifest.Read(_run).Verify(_run).Should().BeEmpty();
    }

    [Fact]
    public void A_side_without_rows_has_no_file()
    {
        using var shards = Open();
        shards.Append(0, [SyntheticRows.Make(0)]);
        var commit = shards.Commit()!;
        (commit.Undecided, commit.Rejected).Should().Be((null, null));
        Directory.GetFiles(_run.Folder(ShardSet.Undecided)).Concat(Directory.GetFiles(_run.Folder(ShardSet.Rejected))).Should().BeEmpty();
        shards.Commit().Should().BeNull();
    }

    [Fact]
    public void What_was_not_committed_is_dropped_on_opening_and_nothing_else_is()
    {
        using (var shards = Open())
        {
            shards.Append(0, [SyntheticRows.Make(0)]);
            shards.Commit();
        }

        var accepted = _run.Folder(ShardSet.Accepted);
        File.WriteAllText(Path.Combine(accepted, "train-00007-00001.parquet"), "renamed, not committed");
        File.WriteAllText(Path.Combine(accepted, ".train-00007-00001.1.tmp"), "not even renamed");
        File.WriteAllText(Path.Combine(accepted, "train-00008-00000.parquet"), "another partition's");
        using var again = Open(epoch: 2);
        Directory
            .GetFiles(accepted)
            .Select(Path.GetFileName)
            .Order()
            .Should()
            .Equal("train-00007-00000.parquet", "train-00008-00000.parquet");
        again.LastCommittedIndex.Should().Be(0);
    }

    [Fact]
    public void An_owner_that_lost_the_partition_cannot_commit()
    {
        using var old = Open(epoch: 1);
        old.Append(0, [SyntheticRows.Make(0)]);
        using var newer = Open(epoch: 2);
        old.Invoking(o => o.Commit()).Should().Throw<ShardException>().Where(e => e.Fault == ShardError.LostOwnership);
        newer.Append(0, [SyntheticRows.Make(0)]);
        newer.Commit()!.Epoch.Should().Be(2);
        var late = () => Open(epoch: 1);
        late.Should().Throw<ShardException>().WithMessage("*was taken over by epoch 2*");
    }

    [Fact]
    public void A_slow_owner_drops_nothing_that_a_later_one_commits()
    {
        var storage = new MemoryStorage();
        var run = new RunFolder(storage, "run");
        PartitionShards.Open(run, 7, null, new ParquetShards()).Dispose();
        storage.Create(run.Resolve("accepted/train-00007-00000.parquet")).Dispose();
        CommitRecord? later = null;
        storage.Before = (operation, path) =>
        {
            if (operation != "delete" || !path.EndsWith("train-00007-00000.parquet", StringComparison.Ordinal))
                return;
            storage.Before = null;
            using var next = PartitionShards.Open(run, 7, null, new ParquetShards());
            next.Append(0, [SyntheticRows.Make(0)]);
            later = next.Commit();
        };

        using var slow = PartitionShards.Open(run, 7, null, new ParquetShards());

        later!.Accepted!.File.Should().Be("accepted/train-00007-00000-e3.parquet");
        RunManifest.Read(run).Verify(run).Should().BeEmpty();
        storage.List(run.Folder(ShardSet.Accepted)).Should().Equal("train-00007-00000-e3.parquet");
    }

    [Fact]
    public void What_an_owner_publishes_that_lost_the_partition_meanwhile_is_withdrawn()
    {
        var storage = new MemoryStorage();
        var run = new RunFolder(storage, "run");
        using var old = PartitionShards.Open(run, 7, null, new ParquetShards());
        old.Append(0, [SyntheticRows.Make(0)]);
        storage.Before = (operation, path) =>
        {
            // Asleep between the names of its shards and the record.
            if (operation != "open")
                return;
            storage.Before = null;
            using var next = PartitionShards.Open(run, 7, null, new ParquetShards());
            next.Append(0, [SyntheticRows.Make(0)]);
            next.Commit();
        };

        old.Invoking(o => o.Commit()).Should().Throw<ShardException>().Where(e => e.Fault == ShardError.LostOwnership);

        storage.List(run.Folder(ShardSet.Accepted)).Should().Equal("train-00007-00000-e2.parquet");
        RunManifest.Read(run).Verify(run).Should().BeEmpty();
    }

    [Fact]
    public void An_owner_whose_unpublished_shards_a_later_one_dropped_has_lost_the_partition()
    {
        using var old = Open(epoch: 1);
        old.Append(0, [SyntheticRows.Make(0)]);
        Directory.GetFiles(_run.Folder(ShardSet.Accepted)).Should().ContainSingle();
        using var newer = Open(epoch: 2);
        Directory.GetFiles(_run.Folder(ShardSet.Accepted)).Should().BeEmpty();

        old.Invoking(o => o.Commit()).Should().Throw<ShardException>().Where(e => e.Fault == ShardError.LostOwnership);
    }

    [Fact]
    public void A_partition_that_a_stop_cut_short_must_be_opened_again()
    {
        using var shards = Open();
        shards.Append(0, [SyntheticRows.Make(0)]);
        shards.Commit(partial: true);

        shards
            .Invoking(s => s.Append(1, [SyntheticRows.Make(1)]))
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("*open the partition again.");
        using var next = Open(epoch: 2);
        next.Append(1, [SyntheticRows.Make(1)]);
        next.Commit()!.Accepted!.File.Should().Be("accepted/train-00007-00000-e2.parquet");
        Directory.GetFiles(_run.Folder(ShardSet.Accepted)).Should().ContainSingle("the shard that was replaced is gone");
    }

    [Fact]
    public void The_same_commit_again_changes_nothing_and_another_one_in_its_place_is_refused()
    {
        _run.Create();
        var log = CommitLog.Claim(_run, 1, epoch: 1);
        var record = new CommitRecord(1, 0, 1, 0, 5, 0, new CommittedShard("accepted/a", 6, 10, "ab"), null);
        log.Commit(record);
        log.Commit(record);
        CommitLog.Claim(_run, 1, epoch: 2).Commit(record with { Epoch = 2 });
        RunManifest.Read(_run).Commits.Should().Equal(record);
        log = CommitLog.Claim(_run, 1, epoch: 2);
        log.Invoking(l => l.Commit(record with { LastIndex = 4 }))
            .Should()
            .Throw<ShardException>()
            .WithMessage("*commit 0 is there already, with other shards*");
        log.Invoking(l => l.Commit(record with { Sequence = 2 })).Should().Throw<ShardException>().WithMessage("*does not follow*");
    }

    [Fact]
    public void A_torn_last_line_is_healed_and_a_damaged_line_before_it_is_named()
    {
        using (var shards = Open(limits: new ShardLimits { Indexes = 1 }))
            for (var i = 0; i < 3; i++)
                shards.Append(i, [SyntheticRows.Make(i)]);
        var path = _run.CommitLog(7);
        var sound = File.ReadAllBytes(path);
        for (var cut = 1; cut < 60; cut++)
        {
            File.WriteAllBytes(path, sound[..^cut]);
            RunManifest.Read(_run).Commits.Should().HaveCount(2);
        }

        using (var again = Open(epoch: 2))
            again.LastCommittedIndex.Should().Be(1);
        File.ReadAllText(path).Should().EndWith("{\"claim\":2}\n");

        var text = Encoding.UTF8.GetString(sound).Split('\n');
        File.WriteAllText(path, string.Join('\n', [text[0], text[1][..20], .. text[2..]]));
        var read = () => RunManifest.Read(_run);
        read.Should().Throw<ShardException>().WithMessage($"'{path}' line 2 is damaged*");
    }

    [Fact]
    public void A_shard_that_differs_from_its_commit_is_named()
    {
        using (var shards = Open(limits: new ShardLimits { Indexes = 1 }))
            for (var i = 0; i < 3; i++)
                shards.Append(i, [SyntheticRows.Make(i)]);
        var (changed, cut) = (_run.Resolve("accepted/train-00007-00000.parquet"), _run.Resolve("accepted/train-00007-00001.parquet"));
        var bytes = File.ReadAllBytes(changed);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(changed, bytes);
        File.WriteAllBytes(cut, [1, 2, 3]);
        File.Delete(_run.Resolve("accepted/train-00007-00002.parquet"));
        var findings = RunManifest.Read(_run).Verify(_run).ToList();
        findings
            .Select(finding => finding.File)
            .Should()
            .Equal(Enumerable.Range(0, 3).Select(i => $"accepted/train-00007-0000{i}.parquet"));
        findings[0].Problem.Should().Contain("corrupt shard").And.Contain("SHA-256");
        findings[1].Problem.Should().Contain("it has 3 bytes");
        findings[2].Problem.Should().Contain("missing");
    }

    [Fact]
    public void A_bad_row_is_refused_before_its_index_and_the_partition_goes_on()
    {
        using var shards = Open();
        shards.Append(0, [SyntheticRows.Make(0)]);
        var bad = SyntheticRows.Make(1) with { Usage = "{"u8.ToArray() };
        shards
            .Invoking(s => s.Append(1, [SyntheticRows.Make(1), bad]))
            .Should()
            .Throw<ShardException>()
            .Where(e => e.Fault == ShardError.BadRow);
        shards.Append(1, [SyntheticRows.Make(1)]);
        shards.Commit()!.Accepted!.Rows.Should().Be(2);
    }

    [Fact]
    public void Indexes_out_of_order_or_without_rows_are_refused()
    {
        using var shards = Open();
        shards.Append(5, [SyntheticRows.Make(5)]);
        shards
            .Invoking(s => s.Append(5, [SyntheticRows.Make(5)]))
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("Index 5 of partition 7 comes after index 5*");
        shards.Invoking(s => s.Append(6, [])).Should().Throw<InvalidOperationException>().WithMessage("Index 6 of partition 7 has no row*");
        shards.Commit();
        shards.Invoking(s => s.Append(4, [SyntheticRows.Make(4)])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_full_disk_is_told_as_such_and_what_was_committed_stays()
    {
        var storage = new FullDisk();
        var run = new RunFolder(storage, _run.Path);
        using (var shards = PartitionShards.Open(run, 7, 1, new ParquetShards(new() { RowGroupBytes = 50_000 })))
        {
            shards.Append(0, [SyntheticRows.Make(0)]);
            shards.Commit();
            storage.Full = true;
            shards
                .Invoking(s =>
                {
                    for (var i = 1; i < 100; i++)
                        s.Append(i, [SyntheticRows.Make(i)]);
                })
                .Should()
                .Throw<ShardException>()
                .Where(e => e.Fault == ShardError.DiskFull && e.Message.Contains("train-00007-00001.parquet"));
            shards.Invoking(s => s.Commit()).Should().Throw<InvalidOperationException>();
        }

        Directory.GetFiles(_run.Folder(ShardSet.Accepted)).Select(Path.GetFileName).Should().Equal("train-00007-00000.parquet");
        using var again = Open(epoch: 2);
        again.LastCommittedIndex.Should().Be(0);
        RunManifest.Read(_run).Verify(_run).Should().BeEmpty();
    }

    [UnprivilegedFact]
    public void A_read_only_folder_is_told_as_such()
    {
        _run.Create();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_run.Folder(ShardSet.Accepted), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var shards = Open();
        shards
            .Invoking(s => s.Append(0, [SyntheticRows.Make(0)]))
            .Should()
            .Throw<ShardException>()
            .Where(e => e.Fault == ShardError.ReadOnly);
    }

    [Fact]
    public void Failures_of_the_file_system_are_told_apart()
    {
        StorageError.In("f", new IOException("x", 28)).Fault.Should().Be(ShardError.DiskFull);
        StorageError.In("f", new IOException("x", 30)).Fault.Should().Be(ShardError.ReadOnly);
        StorageError.In("f", new UnauthorizedAccessException()).Fault.Should().Be(ShardError.ReadOnly);
        StorageError.In("f", new IOException("x", 5)).Fault.Should().Be(ShardError.Storage);
    }

    [Fact]
    public void A_commit_log_that_another_holds_is_busy()
    {
        _run.Create();
        using var held = new DiskStorage().OpenExclusive(_run.CommitLog(7));
        var open = () => Open();
        open.Should().Throw<ShardException>().Where(e => e.Fault == ShardError.Busy);
    }

    [Fact]
    public void A_row_is_found_by_id_across_shards()
    {
        using (var shards = Open(limits: new ShardLimits { Indexes = 4 }))
        {
            for (var i = 0; i < 10; i++)
                shards.Append(i, [SyntheticRows.Make(i, status: i % 3 == 0 ? RowStatus.Rejected : RowStatus.Accepted)]);
            shards.Commit();
        }

        var reader = new RunReader(_run);
        SyntheticRows
            .Show(reader.Find("run-1/00000009/0")!)
            .Should()
            .Be(SyntheticRows.Show(SyntheticRows.Make(9, status: RowStatus.Rejected)));
        reader.Find("run-1/00000010/0").Should().BeNull();
    }

    private PartitionShards Open(long epoch = 1, ShardLimits? limits = null) =>
        PartitionShards.Open(_run, 7, epoch, new ParquetShards(), limits);

    private sealed class UnprivilegedFactAttribute : FactAttribute
    {
        public UnprivilegedFactAttribute()
        {
            if (OperatingSystem.IsWindows() || Environment.UserName == "root")
                Skip = "this user may write to read-only folders.";
        }
    }

    /// <summary>The local disk, which can simulate being full: writes then fail as in the kernel (ENOSPC).</summary>
    private sealed class FullDisk : IFileSystem
    {
        private readonly DiskStorage _disk = new();

        public bool Full { get; set; }

        public void CreateFolder(string path) => _disk.CreateFolder(path);

        public Stream Create(string path)
        {
            if (!Full)
                return _disk.Create(path);
            _disk.Create(path).Dispose();
            return new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }

        public Stream CreateNew(string path) => _disk.CreateNew(path);

        public void Sync(Stream stream) => _disk.Sync(stream);

        public Task SyncAsync(Stream stream) => _disk.SyncAsync(stream);

        public void Rename(string from, string to) => _disk.Rename(from, to);

        public bool TryRename(string from, string to) => _disk.TryRename(from, to);

        public void SyncFolder(string path) => _disk.SyncFolder(path);

        public void Delete(string path) => _disk.Delete(path);

        public IReadOnlyList<string> List(string folder) => _disk.List(folder);

        public IReadOnlyList<string> Folders(string folder) => _disk.Folders(folder);

        public bool FolderExists(string path) => _disk.FolderExists(path);

        public bool Exists(string path) => _disk.Exists(path);

        public Stream OpenRead(string path) => _disk.OpenRead(path);

        public Stream OpenExclusive(string path) => _disk.OpenExclusive(path);
    }
}
