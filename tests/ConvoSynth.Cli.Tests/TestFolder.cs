using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Tests;

namespace ConvoSynth.Cli.Tests;

/// <summary>A test's temporary folder, deleted with this object.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-test-");
    private bool _mounted;

    public string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>A copy of a shipped pack, for a test to damage.</summary>
    public string CopyOfPack(string name)
    {
        Directory.CreateDirectory(At("packs", name));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Convosynth.Blueprints, name)))
            File.Copy(file, At("packs", name, Path.GetFileName(file)));
        return At("packs", name);
    }

    /// <summary>Mounts a small file system over the folder.</summary>
    public void Mount(string options)
    {
        MountFactAttribute.Call("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.FullName).Should().BeTrue();
        _mounted = true;
    }

    public void Remount(string options) => MountFactAttribute.Call("mount", "-o", $"remount,{options}", _folder.FullName).Should().BeTrue();

    public void Dispose()
    {
        if (_mounted)
            MountFactAttribute.Call("umount", _folder.FullName);
        _folder.Delete(recursive: true);
    }

    /// <summary>All committed rows of a run as text, in index order.</summary>
    public static IReadOnlyList<string> Rows(string run) =>
        [.. new RunReader(new RunFolder(new DiskStorage(), run)).Rows().OrderBy(r => r.Index).Select(Text)];

    /// <summary>Index, attempt and status of all committed rows of a run, in index order.</summary>
    public static IReadOnlyList<string> Statuses(string run) =>
        [
            .. new RunReader(new RunFolder(new DiskStorage(), run))
                .Rows(columns: ["index", "attempt", "status"])
                .OrderBy(r => (r.Index, r.Attempt))
                .Select(r => $"{r.Index} {r.Attempt} {r.Status}"),
        ];

    /// <summary>The verdicts of the first attempt at each index.</summary>
    public static IReadOnlyDictionary<long, Verdict[]> Verdicts(string run) =>
        new RunReader(new RunFolder(new DiskStorage(), run))
            .Rows()
            .Where(r => r.Attempt == 0)
            .ToDictionary(r => r.Index, RowConversation.VerdictsOf);

    private static string Text(ShardRow row) =>
        string.Join(
            '\n',
            [
                row.Id,
                row.Status,
                row.Instruction,
                row.PlantedFault,
                .. row.RejectReasons,
                .. row
                    .Messages.Concat(row.Verdicts)
                    .Append(row.StateDiff)
                    .Append(row.Blueprint)
                    .Select(m => System.Text.Encoding.UTF8.GetString(m.Span)),
            ]
        );
}
