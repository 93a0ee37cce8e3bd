using System.Security.Cryptography;
using System.Text.Json;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Drills;

/// <summary>The rows of a run.</summary>
internal static class Rows
{
    /// <summary>Id and hash of each whole row, ordered by id.</summary>
    public static IReadOnlyList<string> Of(string run) => Of(new RunFolder(new DiskStorage(), run));

    public static IReadOnlyList<string> Of(RunFolder run) =>
        [
            .. new RunReader(run)
                .Rows()
                .Select(r => $"{r.Id} {Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(r)))}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>File name without its owner, and hash, of every shard.</summary>
    public static IReadOnlyList<string> Shards(string run) => Shards(new RunFolder(new DiskStorage(), run));

    public static IReadOnlyList<string> Shards(RunFolder run) =>
        [
            .. RunManifest
                .Read(run)
                .Commits.SelectMany(c => c.Shards())
                .Select(s => $"{RunFolder.PlainName(s.Shard.File)} {s.Shard.Sha256}")
                .Order(StringComparer.Ordinal),
        ];
}
