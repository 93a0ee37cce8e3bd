using ConvoSynth.ObjectStorage.S3;
using ConvoSynth.ObjectStorage.Streams;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>How objects are read and written by parts.</summary>
public sealed class StreamTests
{
    [Fact]
    public void A_whole_object_takes_few_requests_and_one_record_a_small_one()
    {
        var content = StorageContract.Noise(20 << 20);
        var asked = new List<int>();
        using var stream = new RangeStream(
            (at, count) =>
            {
                asked.Add(count);
                return new(content.AsMemory((int)at, Math.Min(count, content.Length - (int)at)), content.Length);
            }
        );

        stream.Position = 19 << 20;
        stream.ReadExactly(new byte[1_000]);
        asked.Should().Equal(64 << 10);
        stream.Position = 0;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        copy.ToArray().AsSpan().SequenceEqual(content).Should().BeTrue();
        asked.Should().HaveCountLessThan(8);
    }

    [Fact]
    public void What_is_appended_while_a_log_is_read_is_not_seen()
    {
        var content = StorageContract.Noise(100_000);
        var length = 90_000;
        using var stream = new RangeStream(
            (at, count) => new(content.AsMemory((int)at, Math.Min(count, Math.Max(0, length - (int)at))), length)
        );
        stream.Length.Should().Be(90_000);
        length = 100_000;

        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        copy.ToArray().Should().Equal(content[..90_000]);
    }

    [Fact]
    public void Entries_are_read_as_one_stream_several_at_once()
    {
        byte[][] entries =
        [
            [1, 2],
            [],
            [3],
            .. Enumerable.Range(0, 40).Select(i => new[] { (byte)i }),
        ];
        var requests = 0;
        using var stream = new JoinedStream(
            [.. entries.Select(e => (long)e.Length)],
            (first, count) =>
            {
                requests++;
                return entries[first..(first + count)];
            }
        );

        using var copy = new MemoryStream();
        stream.CopyTo(copy);

        copy.ToArray().Should().Equal(entries.SelectMany(e => e));
        requests.Should().BeLessThan(6);
        stream.Position = 2;
        stream.ReadByte().Should().Be(3);
    }

    [Fact]
    public void An_entry_that_was_read_lately_is_not_asked_for_again()
    {
        var asked = new List<string>();
        var entries = new ReadEntries(keys =>
        {
            asked.AddRange(keys);
            return [.. keys.Select(k => StorageContract.Noise(k.Length))];
        });

        entries.Get(["a"])[0].Should().Equal(entries.Get(["a"])[0]);
        entries.Get(["b", "c"]);

        asked.Should().Equal("a", "b", "c");
    }

    [Fact]
    public void A_list_of_a_log_is_used_for_what_it_had_and_no_further()
    {
        var listed = new ListedLogs();
        listed.Of("log", 1).Should().BeNull();
        listed.Keep("log", [10, 5]);

        listed.Of("log", 15).Should().Equal(10, 5);
        listed.Of("log", 16).Should().BeNull("it has grown");
        listed.Of("log", null).Should().BeNull("its end is wanted");
    }

    [Fact]
    public void Parts_are_of_one_size_but_the_last()
    {
        var parts = new List<long>();
        using var stream = new PartStream(part => parts.Add(part.Length));

        for (var i = 0; i < 20; i++)
            stream.Write(new byte[1_000_001]);
        stream.SendRest();
        stream.SendRest();

        parts.Should().Equal(PartStream.PartBytes, PartStream.PartBytes, 20_000_020 - (2 * PartStream.PartBytes));
        stream.Length.Should().Be(20_000_020);
    }
}
