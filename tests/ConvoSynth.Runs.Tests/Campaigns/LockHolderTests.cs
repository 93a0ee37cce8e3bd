using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Tests.Campaigns;

public sealed class LockHolderTests
{
    [Fact]
    public void A_held_file_is_told_with_its_holder()
    {
        var path = Path.GetTempFileName();
        try
        {
            var storage = new DiskStorage();
            using var held = storage.OpenExclusive(path);

            var thrown = storage.Invoking(s => s.OpenExclusive(path)).Should().Throw<ShardException>().Which;

            thrown.Fault.Should().Be(ShardError.Busy);
            var holder = OperatingSystem.IsLinux()
                ? $"the process {Environment.ProcessId} of this machine"
                : "another process, perhaps on another machine";
            thrown.Message.Should().Be($"'{path}' is held by {holder} at this moment.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_reader_keeps_no_writer_off_and_no_writer_keeps_it_off()
    {
        var path = Path.GetTempFileName();
        try
        {
            var storage = new DiskStorage();
            File.WriteAllText(path, "text");
            using var early = storage.OpenRead(path);

            using var writer = storage.OpenExclusive(path);
            using var late = storage.OpenRead(path);

            (early.ReadByte(), late.ReadByte()).Should().Be(('t', 't'));
            storage.Invoking(s => s.OpenRead(path + ".none")).Should().Throw<ShardException>().WithMessage("*.none*");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
