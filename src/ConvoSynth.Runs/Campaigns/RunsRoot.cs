using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>The folder with the run folders of a cluster, which every silo and every submitter sees.</summary>
public sealed class RunsRoot(string path)
{
    /// <summary>Names the cluster that owns the folder.</summary>
    public const string IdentityFile = "cluster.json";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <exception cref="RunException">The id would lead out of the folder, or into a hidden one.</exception>
    public RunFolder Run(string runId) =>
        runId.Length > 0 && runId[0] != '.' && runId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? new(new DiskStorage(), System.IO.Path.Combine(Path, runId))
            : throw new RunException($"the run id \"{runId}\" must be letters, digits, '-', '_' or '.', and must not begin with a dot");

    public CampaignFolder Campaigns(string runId) => new(Run(runId));

    /// <summary>The runs that a cluster has begun, in ordinal order.</summary>
    public IReadOnlyList<string> Runs() =>
        Directory.Exists(Path)
            ?
            [
                .. Directory
                    .EnumerateDirectories(Path)
                    .Where(f => Directory.Exists(System.IO.Path.Combine(f, CampaignFolder.Name)))
                    .Select(f => System.IO.Path.GetFileName(f))
                    .Where(n => n[0] != '.')
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The id of the cluster that owns this folder; null if none has claimed it.</summary>
    /// <exception cref="RunException">The file is damaged.</exception>
    public string? Identity()
    {
        var file = System.IO.Path.Combine(Path, IdentityFile);
        if (!File.Exists(file))
            return null;
        try
        {
            if (JsonNode.Parse(File.ReadAllText(file))?["id"]?.GetValue<string>() is { Length: > 0 } id)
                return id;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            // The sentence below tells what to do about it.
        }

        throw new RunException($"{file} is damaged: it must be {{\"id\": \"…\"}}; restore it, or remove it while no silo runs");
    }

    /// <summary>Claims the folder for a cluster, unless it is claimed.</summary>
    /// <returns>The id that stands.</returns>
    /// <exception cref="ShardException">The folder cannot be written.</exception>
    public string Claim(string? id = null)
    {
        id ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
        ExclusiveFile.TryWrite(
            System.IO.Path.Combine(Path, IdentityFile),
            Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id }.ToJsonString() + "\n")
        );
        return Identity()!;
    }

    /// <summary>Writes a file and removes it, as a silo does all the time.</summary>
    /// <exception cref="ShardException">The folder is read-only, or its disk is full.</exception>
    public void RequireWritable()
    {
        var probe = System.IO.Path.Combine(Path, $".probe-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        ExclusiveFile.TryWrite(probe, "convosynth"u8);
        StorageError.At(probe, () => File.Delete(probe));
    }
}
