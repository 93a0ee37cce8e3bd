using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Storage;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ConvoSynth.Runs.Tests.Journals;

/// <summary>Answers that were reported durable are kept, the remains of a crash are repaired, and damage is named.</summary>
[Properties(Arbitrary = [typeof(Kept)])]
public sealed class JournalTests
{
    private const string Segment = "run/journal/p00012-00001.journal";

    [Property]
    public void Any_answers_in_any_batches_are_found_again(Kept kept)
    {
        var batches = kept.Batches;
        var storage = new MemoryStorage();
        Write(storage, batches);
        storage.Crash();
        using var journal = Open(storage);
        foreach (var entry in batches.SelectMany(b => b))
            journal.Find(entry.Key, entry.RequestHash).Should().Be(entry);
        journal.Count.Should().Be(batches.Sum(b => b.Length));
    }

    [Property]
    public void Any_truncation_heals_to_a_prefix_and_the_journal_goes_on_behind_it(Kept kept)
    {
        var (batches, cut, _) = kept;
        var storage = new MemoryStorage();
        Write(storage, batches);
        var bytes = Bytes(storage);
        Replace(storage, bytes[..(cut % bytes.Length)]);

        var found = Found(storage, batches);
        using (var journal = Open(storage))
        {
            Wait(journal.Append([new("run/99/0/agent/0", "h", "after")]));
        }

        storage.Crash();
        using var next = Open(storage);
        next.Find("run/99/0/agent/0", "h")!.Text.Should().Be("after");
        next.Count.Should().Be(found + 1, "what was found once stays found");
    }

    [Property]
    public void A_flipped_byte_never_changes_an_answer_and_before_the_last_batch_it_is_named(Kept kept)
    {
        var (batches, at, mask) = kept;
        var storage = new MemoryStorage();
        var last = Write(storage, batches);
        var bytes = Bytes(storage);
        var place = at % bytes.Length;
        bytes[place] ^= (byte)mask;
        Replace(storage, bytes);

        if (place >= last)
        {
            Found(storage, batches);
            return;
        }

        FluentActions
            .Invoking(() => PartitionJournal.Read(Folder(storage), 12))
            .Should()
            .Throw<ShardException>()
            .Where(e => e.Fault == ShardError.Corrupt)
            .WithMessage($"'{Segment}' is damaged at byte *");
    }

    [Fact]
    public void A_batch_of_which_a_middle_part_was_never_written_is_no_damage()
    {
        var storage = new MemoryStorage();
        JournalEntry[] batch = [.. Enumerable.Range(0, 5).Select(i => new JournalEntry($"run/{i}/0/agent/0", "h", new string('x', 100)))];
        Write(
            storage,
            [
                [new("run/7/0/agent/0", "h", "durable")],
                batch,
            ]
        );
        var bytes = Bytes(storage);
        // A page of zeros, as when blocks of a file were written out of order before a power loss.
        bytes.AsSpan(bytes.Length - 300, 120).Clear();
        Replace(storage, bytes);

        using var journal = Open(storage);

        journal.Find("run/7/0/agent/0", "h")!.Text.Should().Be("durable");
        journal.Find("run/0/0/agent/0", "h")!.Text.Should().Be(batch[0].Text, "whole answers at its beginning are worth their price");
        journal.Find("run/4/0/agent/0", "h").Should().BeNull();
    }

    [Fact]
    public void What_was_found_when_a_journal_was_opened_is_durable_then()
    {
        var storage = new MemoryStorage();
        using var first = Open(storage);
        storage.Syncing = _ => new TaskCompletionSource().Task;
        // Written but not synced: the owner never learnt that it was durable.
        _ = first.Append([new("run/1/0/agent/0", "h", "paid for")]);
        storage.Syncing = null;
        using var second = Open(storage);
        second.Find("run/1/0/agent/0", "h")!.Text.Should().Be("paid for");

        storage.Crash();

        using var third = Open(storage);
        third.Find("run/1/0/agent/0", "h")!.Text.Should().Be("paid for");
    }

    [Fact]
    public void An_opening_overtakes_those_before_it_and_what_they_append_then_never_holds()
    {
        var storage = new MemoryStorage();
        using var first = Open(storage);
        Wait(first.Append([new("run/1/0/agent/0", "h", "before")]));
        Wait(first.IsLast()).Should().BeTrue();
        using var second = Open(storage);

        Wait(first.IsLast()).Should().BeFalse("its appends from now on count for nothing");
        Wait(first.Append([new("run/2/0/agent/0", "h", "late")]));
        Wait(second.Append([new("run/2/0/agent/0", "h", "used")]));

        using var third = Open(storage);
        third.Find("run/1/0/agent/0", "h")!.Text.Should().Be("before");
        third.Find("run/2/0/agent/0", "h")!.Text.Should().Be("used", "the later segment's answer holds");
    }

    [Fact]
    public void A_full_segment_is_followed_by_the_next_one()
    {
        var storage = new MemoryStorage();
        var run = new RunFolder(storage, "run") { BatchesOfSegment = 3 };
        using var journal = Wait(PartitionJournal.Open(run, "run", 12, 1));
        for (var i = 0; i < 7; i++)
        {
            Wait(journal.Append([new($"run/{i}/0/agent/0", "h", $"{i}")]));
            Wait(journal.IsLast()).Should().BeTrue();
        }

        storage.List("run/journal").Should().HaveCount(3);
        storage.Crash();
        using var next = Open(storage);
        next.Count.Should().Be(7);
        Enumerable.Range(0, 7).Select(i => next.Find($"run/{i}/0/agent/0", "h")!.Text).Should().Equal("0", "1", "2", "3", "4", "5", "6");
        Wait(journal.IsLast()).Should().BeFalse();
    }

    [Fact]
    public void An_opening_between_two_segments_of_one_owner_overtakes_it()
    {
        var storage = new MemoryStorage();
        var run = new RunFolder(storage, "run") { BatchesOfSegment = 1 };
        using var first = Wait(PartitionJournal.Open(run, "run", 12, 1));
        using var second = Wait(PartitionJournal.Open(new(storage, "run"), "run", 12, 1));
        Wait(second.Append([new("run/1/0/agent/0", "h", "of the second")]));

        Wait(first.Append([new("run/1/0/agent/0", "h", "of the first")]));

        Wait(first.IsLast()).Should().BeFalse("it has a later segment and has not read the one before it");
        Wait(second.IsLast()).Should().BeFalse("it is overtaken, too, and opens again");
        using var third = Open(storage);
        third.Find("run/1/0/agent/0", "h")!.Text.Should().Be("of the second");
    }

    [Fact]
    public void An_answer_to_another_request_is_no_answer()
    {
        var storage = new MemoryStorage();
        using var journal = Open(storage);
        Wait(journal.Append([new("run/1/0/agent/0", "h1", "one")]));

        journal.Find("run/1/0/agent/0", "h2").Should().BeNull();
    }

    [Fact]
    public void A_journal_of_another_run_is_refused_by_name()
    {
        var storage = new MemoryStorage();
        Open(storage).Dispose();

        FluentActions
            .Invoking(() => Wait(PartitionJournal.Open(Folder(storage), "other", 12, 1)))
            .Should()
            .Throw<ShardException>()
            .WithMessage("*of the run run: it does not belong here*");
    }

    [Fact]
    public void An_answer_that_is_no_text_is_refused()
    {
        using var journal = Open(new());

        FluentActions
            .Invoking(() => Wait(journal.Append([new("run/1/0/agent/0", "h", "half \ud800 pair")])))
            .Should()
            .Throw<ShardException>()
            .WithMessage("*half a surrogate pair*");
        FluentActions
            .Invoking(() => Wait(journal.Append([new("run/1/0\nagent/0", "h", "")])))
            .Should()
            .Throw<ShardException>()
            .WithMessage("*more than one line*");
    }

    [Fact]
    public void On_a_disk_it_is_as_in_memory()
    {
        var path = Directory.CreateTempSubdirectory("convosynth-journal-").FullName;
        try
        {
            var run = new RunFolder(new DiskStorage(), path);
            using (var first = Wait(PartitionJournal.Open(run, "run", 12, 1)))
            {
                Wait(first.Append([new("run/1/0/agent/0", "h", "one"), new("run/1/0/agent/1", "h", "two")]));
                using var second = Wait(PartitionJournal.Open(run, "run", 12, 1));
                second.Find("run/1/0/agent/1", "h")!.Text.Should().Be("two");
                Wait(first.IsLast()).Should().BeFalse();
            }

            PartitionJournal.Partitions(run).Should().Equal(12);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <returns>The position of the last batch.</returns>
    private static long Write(MemoryStorage storage, JournalEntry[][] batches)
    {
        using var journal = Open(storage);
        foreach (var batch in batches[..^1])
            Wait(journal.Append(batch));
        var last = Bytes(storage).Length;
        Wait(journal.Append(batches[^1]));
        return last;
    }

    /// <summary>Asserts that the answers found are an unchanged prefix of those written.</summary>
    private static int Found(MemoryStorage storage, JournalEntry[][] batches)
    {
        var found = new List<JournalEntry>();
        using var journal = PartitionJournal.Read(Folder(storage), 12, (key, hash) => found.Add(new(key, hash, "")));
        found.Select(f => journal.Find(f.Key, f.RequestHash)).Should().Equal(batches.SelectMany(b => b).Take(found.Count));
        return found.Count;
    }

    private static RunFolder Folder(MemoryStorage storage) => new(storage, "run");

    private static PartitionJournal Open(MemoryStorage storage) => Wait(PartitionJournal.Open(Folder(storage), "run", 12, 1));

    private static byte[] Bytes(MemoryStorage storage)
    {
        using var stream = (MemoryStream)storage.OpenRead(Segment);
        return stream.ToArray();
    }

    private static void Replace(MemoryStorage storage, byte[] bytes)
    {
        using var stream = storage.Create(Segment);
        stream.Write(bytes);
        storage.Sync(stream);
        storage.SyncFolder("run/journal");
    }

#pragma warning disable VSTHRD002 // Memory completes at once; the disk does not need this thread.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
}

/// <summary>Answers by batch, with a position and a change for damage.</summary>
public sealed record Kept(JournalEntry[][] Batches, int Place, int Mask)
{
    public static Arbitrary<Kept> Arbitrary() =>
        (
            from texts in Gen.Elements("", "{}", "{\"content\":\"Zoë said: \\n\"}", "line\nline\n\n", "\0\u00ff💶", new string('y', 3000))
                .ArrayOf(3)
                .Select(string.Concat)
                .NonEmptyListOf()
            from size in Gen.Choose(1, 4)
            from place in Gen.Choose(0, 1_000_000)
            from mask in Gen.Choose(1, 255)
            select new Kept([.. texts.Select(Entry).Chunk(size)], place, mask)
        ).ToArbitrary();

    private static JournalEntry Entry(string text, int i) => new($"run/{i / 2}/0/{(i % 2 == 0 ? "human" : "agent")}/0", $"hash{i}", text);
}
