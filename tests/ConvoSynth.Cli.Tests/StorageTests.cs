using ConvoSynth.Tests;

namespace ConvoSynth.Cli.Tests;

public sealed class StorageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [MountFact]
    public async Task A_read_only_folder_is_named()
    {
        _folder.Mount("size=1m");
        _folder.Remount("ro");
        var ran = await Convosynth.Run("generate", "--domain", "retail", "--count", "1", "--out", _folder.At("run"));
        ran.Sentence().Should().Contain(_folder.At("run")).And.Contain("read-only");
    }

    [MountFact]
    public async Task A_full_disk_stops_the_run_and_loses_nothing_that_was_committed()
    {
        string[] command =
        [
            "generate",
            "--domain",
            "retail",
            "--count",
            "160",
            "--partition-size",
            "20",
            "--seed",
            "5",
            "--out",
            _folder.At("run"),
        ];
        _folder.Mount("size=1600k");
        var full = await Convosynth.Run(command);
        full.Sentence().Should().Contain("the disk is full").And.Contain(_folder.At("run"));
        var committed = TestFolder.Rows(_folder.At("run"));

        _folder.Remount("size=200m");
        (await Convosynth.Run([.. command, "--resume"])).ExitCode.Should().Be(0);
        var rows = TestFolder.Rows(_folder.At("run"));
        rows.Should().HaveCount(160).And.OnlyHaveUniqueItems().And.Contain(committed);
        committed.Should().NotBeEmpty("the disk must fill up while shards are written, not before");
    }
}
