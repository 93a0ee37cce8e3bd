using System.Text;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>What run folders rely on, on each storage.</summary>
[Collection(nameof(Stores))]
public sealed class StorageContract(Stores stores)
{
    [Theory, StoreData]
    public void What_is_put_is_read_and_the_last_writer_wins(string store)
    {
        var (storage, at) = Open(store);
        storage.Put(at("a/file"), Text("first"));
        storage.Put(at("a/file"), Text("second"));

        Read(storage, at("a/file")).Should().Be("second");
        storage.Exists(at("a/file")).Should().BeTrue();
        storage.Exists(at("a/other")).Should().BeFalse();
        storage.Invoking(s => Read(s, at("a/other"))).Should().Throw<IOException>();
    }

    [Theory, StoreData]
    public void Of_many_writers_of_one_name_exactly_one_wins(string store)
    {
        var (storage, at) = Open(store);
        var won = new List<int>();

        Parallel.For(
            0,
            16,
            i =>
            {
                if (!storage.PutIfAbsent(at("a/file"), Text($"{i}")))
                    return;
                lock (won)
                    won.Add(i);
            }
        );

        Read(storage, at("a/file")).Should().Be(won.Should().ContainSingle().Which.ToString());
    }

    [Theory, StoreData]
    public async Task Of_many_appends_after_one_position_exactly_one_is_applied(string store)
    {
        var (storage, at) = Open(store);
        storage.CreateFolder(at("a"));
        var end = storage.Append(at("a/log"), LogPosition.Start, Text("begin\n"))!.Value;
        var ends = new List<LogPosition>();

        Parallel.For(
            0,
            8,
            i =>
            {
                LogPosition? next;
                try
                {
                    next = storage.Append(at("a/log"), end, Text($"{i}\n"));
                }
                catch (ShardException e) when (e.Fault == ShardError.Busy)
                {
                    return;
                }

                if (next is not { } applied)
                    return;
                lock (ends)
                    ends.Add(applied);
            }
        );

        var last = ends.Should().ContainSingle().Which;
        (await storage.AppendAsync(at("a/log"), last, Text("end\n"))).Should().NotBeNull();
        (await storage.AppendAsync(at("a/log"), last, Text("late\n"))).Should().BeNull();
        Log(storage, at("a/log")).Should().MatchRegex("^begin\n[0-7]\nend\n$");
    }

    [Theory, StoreData]
    public void A_log_that_is_read_goes_on_from_its_end(string store)
    {
        var (storage, at) = Open(store);
        storage.CreateFolder(at("a"));
        Log(storage, at("a/log")).Should().BeEmpty();
        storage.Append(at("a/log"), LogPosition.Start, Text("one\n")).Should().NotBeNull();
        storage.Append(at("a/log"), LogPosition.Start, Text("another beginning\n")).Should().BeNull();
        using var read = storage.OpenLog(at("a/log"));

        var all = read.ReadAll();
        var next = storage.Append(at("a/log"), read.EndAfter(all.Length, all, "a/log"), Text("two\n"));

        storage.Append(at("a/log"), next!.Value, Text("three\n")).Should().NotBeNull();
        Log(storage, at("a/log")).Should().Be("one\ntwo\nthree\n");
    }

    [Theory, StoreData]
    public async Task Logs_are_listed_and_exist_once_they_have_an_entry(string store)
    {
        var (storage, at) = Open(store);
        storage.CreateFolder(at("a"));
        (await storage.LogExistsAsync(at("a/2.log"))).Should().BeFalse();
        storage.Append(at("a/2.log"), LogPosition.Start, Text("x"));
        storage.Append(at("a/1.log"), LogPosition.Start, Text("x"));

        storage.ListLogs(at("a")).Should().Equal("1.log", "2.log");
        storage.ListLogs(at("none")).Should().BeEmpty();
        (await storage.LogExistsAsync(at("a/2.log"))).Should().BeTrue();
    }

    [Theory, StoreData]
    public void An_upload_appears_whole_when_it_is_published_and_otherwise_never(string store)
    {
        var (storage, at) = Open(store);
        storage.CreateFolder(at("a"));
        var content = Noise((17 << 20) + 5);
        using (var upload = storage.Upload(at("a/large")))
        {
            // Pieces that meet no border of a part.
            for (var i = 0; i < content.Length; i += 99_991)
                upload.Content.Write(content, i, Math.Min(99_991, content.Length - i));
            upload.Finish();
            storage.Exists(at("a/large")).Should().BeFalse();
            upload.Publish();
        }

        using (var dropped = storage.Upload(at("a/dropped")))
        {
            dropped.Content.Write(content, 0, 9 << 20);
            dropped.Finish();
        }

        using (var empty = storage.Upload(at("a/small")))
        {
            empty.Content.WriteByte(7);
            empty.Finish();
            empty.Publish();
        }

        storage.List(at("a")).Should().Equal("large", "small");
        using var stream = storage.OpenRead(at("a/large"));
        stream.Length.Should().Be(content.Length);
        var read = new byte[content.Length];
        stream.ReadExactly(read);
        read.AsSpan().SequenceEqual(content).Should().BeTrue();
        stream.Read(read).Should().Be(0, "it ends there");
    }

    [Theory, StoreData]
    public void A_file_is_read_at_any_position(string store)
    {
        var (storage, at) = Open(store);
        var content = Noise(700_001);
        storage.Put(at("file"), content);
        using var stream = storage.OpenRead(at("file"));
        var random = new Random(7);

        for (var i = 0; i < 60; i++)
        {
            var from = random.Next(content.Length);
            var piece = new byte[Math.Min(random.Next(1, 200_000), content.Length - from)];
            stream.Position = from;
            stream.ReadExactly(piece);
            piece.AsSpan().SequenceEqual(content.AsSpan(from, piece.Length)).Should().BeTrue("at {0}", from);
        }

        stream.Seek(-3, SeekOrigin.End).Should().Be(content.Length - 3);
        stream.ReadAtLeast(new byte[10], 10, throwOnEndOfStream: false).Should().Be(3);
    }

    [Theory, StoreData]
    public void Folders_and_files_are_told_apart_and_files_go(string store)
    {
        var (storage, at) = Open(store);
        foreach (var name in (string[])["b/x/1", "b/y/1", "b/2", "b/1", "b/1x"])
            storage.Put(at(name), Text(name));

        storage.List(at("b")).Should().Equal("1", "1x", "2");
        storage.Folders(at("b")).Should().Equal("x", "y");
        storage.Folders(at("none")).Should().BeEmpty();
        (storage.FolderExists(at("b/x")), storage.FolderExists(at("b/z"))).Should().Be((true, false));
        storage.Delete(at("b"), ["1", "never"]);
        storage.List(at("b")).Should().Equal("1x", "2");
    }

    private (IRunStorage Storage, Func<string, string> At) Open(string store)
    {
        var place = stores.Place(store);
        return (place.Storage, name => Path.Combine(place.Path, name));
    }

    internal static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string Log(IRunStorage storage, string path)
    {
        using var log = storage.OpenLog(path);
        return Encoding.UTF8.GetString(log.ReadAll());
    }

    private static string Read(IRunStorage storage, string path)
    {
        using var stream = storage.OpenRead(path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
