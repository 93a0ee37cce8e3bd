using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Export.Tests;

/// <summary>Runs and exports in a folder that a test removes.</summary>
internal sealed class TestRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-export-").FullName;
    private int _runs;
    private int _exports;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string Folder => _folder;

    public RunFolder Run(params ShardRow[] rows)
    {
        var run = new RunFolder(new DiskStorage(), Path.Combine(_folder, $"run-{_runs++}"));
        using var shards = PartitionShards.Open(run, 0, null, new ParquetShards());
        foreach (var index in rows.GroupBy(row => row.Index).OrderBy(group => group.Key))
            shards.Append(index.Key, [.. index]);
        shards.Commit();
        return run;
    }

    public Made Export(string format, params ShardRow[] rows) =>
        Make(
            new()
            {
                Runs = [Run(rows)],
                Format = format,
                Out = Out(),
            }
        );

    public Made Make(ExportRequest request) => new(Exporter.Export(request, CancellationToken.None), request.Out);

    public string Out() => Path.Combine(_folder, $"export-{_exports++}");
}
