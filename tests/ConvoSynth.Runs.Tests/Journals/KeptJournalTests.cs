using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Tests.Journals;

/// <summary>The bytes of a journal are a contract: a paid answer must outlive the program version that wrote it.</summary>
public sealed class KeptJournalTests
{
    private const string Path = "run/journal/p00012-00001.journal";

    // Written by version 0.1.0, which had its own CRC code: a header, a batch of one answer, a batch of two.
    private static readonly byte[] Written = Convert.FromBase64String(
        """
        /0NTSkEAAACYXptyeyJ2ZXJzaW9uIjoxLCJydW5faWQiOiJydW4iLCJwYXJ0aXRpb24iOjEyLCJz
        ZWdtZW50IjoxLCJlcG9jaCI6M33/Q1NKAAAAAAAAAAD/Q1NKPAAAAFybDjY0AAAA+qZCbHJ1bi83
        LzAvYWdlbnQvMAo5ZjJjCnsiY29udGVudCI6Ilpvw6sgc2FpZDogMjUg4oKsIn3/Q1NKYgAAABWc
        ie8VAAAA5yolt3J1bi83LzAvaHVtYW4vMQowNGFhCj0AAADiKdkGcnVuLzcvMC9hZ2VudC8yCjc3
        ZDEKeXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eQ==
        """
    );

    private static readonly JournalEntry[] Answers =
    [
        new("run/7/0/agent/0", "9f2c", "{\"content\":\"Zoë said: 25 €\"}"),
        new("run/7/0/human/1", "04aa", ""),
        new("run/7/0/agent/2", "77d1", new string('y', 40)),
    ];

    [Fact]
    public void A_journal_that_an_older_program_wrote_is_read_whole()
    {
        using var journal = PartitionJournal.Read(Holding(Written), 12);

        journal.Count.Should().Be(Answers.Length);
        Answers.Select(a => journal.Find(a.Key, a.RequestHash)).Should().Equal(Answers);
    }

    [Fact]
    public async Task The_same_answers_are_written_as_the_same_bytes()
    {
        var storage = new MemoryStorage();
        using (var journal = await PartitionJournal.Open(new(storage, "run"), "run", 12, epoch: 3))
        {
            await journal.Append(Answers[..1]);
            await journal.Append(Answers[1..]);
        }

        using var stream = (MemoryStream)storage.OpenRead(Path);
        stream.ToArray().Should().Equal(Written);
    }

    [Fact]
    public void A_changed_checksum_in_an_older_journal_is_damage()
    {
        var bytes = Written.ToArray();
        bytes[8] ^= 1; // The first byte of the first frame's CRC.

        FluentActions
            .Invoking(() => PartitionJournal.Read(Holding(bytes), 12))
            .Should()
            .Throw<ShardException>()
            .WithMessage("*is damaged at byte 0*");
    }

    private static RunFolder Holding(byte[] bytes)
    {
        var storage = new MemoryStorage();
        storage.CreateFolder("run");
        storage.CreateFolder("run/journal");
        using (var stream = storage.CreateNew(Path))
        {
            stream.Write(bytes);
            storage.Sync(stream);
        }

        return new(storage, "run");
    }
}
