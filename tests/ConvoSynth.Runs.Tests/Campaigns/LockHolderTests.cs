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
}
