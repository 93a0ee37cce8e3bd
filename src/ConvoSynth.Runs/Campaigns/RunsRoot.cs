using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>The folder with the run folders of a cluster, which every silo and every submitter sees.</summary>
public sealed class RunsRoot(IRunStorage storage, string path)
{
    /// <summary>A folder of a file system.</summary>
    public RunsRoot(string path)
        : this(new FileStorage(new DiskStorage()), System.IO.Path.GetFullPath(path)) { }

    /// <summary>Names the cluster that owns the folder.</summary>
    public const string IdentityFile = "cluster.json";

    public string Path { get; } = path;

    /// <summary>Whether it is there; a run that begins does not create it, since a mount may be missing.</summary>
    /// <exception cref="ShardException">It cannot be reached.</exception>
    public bool Exists => storage.CanHold(Path);

    /// <exception cref="RunException">The id would lead out of the folder, or into a hidden one.</exception>
    public RunFolder Run(string runId) =>
        runId.Length > 0 && runId[0] != '.' && runId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? new(storage, System.IO.Path.Combine(Path, runId))
            : throw new RunException($"the run id \"{runId}\" must be letters, digits, '-', '_' or '.', and must not begin with a dot");

    public CampaignFolder Campaigns(string runId) => new(Run(runId));

    /// <summary>The runs that a cluster has begun, in ordinal order.</summary>
    public IReadOnlyList<string> Runs() =>
        [.. storage.Folders(Path).Where(n => n[0] != '.' && storage.FolderExists(System.IO.Path.Combine(Path, n, CampaignFolder.Name)))];

    /// <summary>The id of the cluster that owns this folder; null if none has claimed it.</summary>
    /// <exception cref="RunException">The file is damaged.</exception>
    public string? Identity()
    {
        var file = System.IO.Path.Combine(Path, IdentityFile);
        if (!storage.Exists(file))
            return null;
        try
        {
            using var stream = storage.OpenRead(file);
            if (JsonNode.Parse(stream)?["id"]?.GetValue<string>() is { Length: > 0 } id)
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
        storage.PutIfAbsent(
            System.IO.Path.Combine(Path, IdentityFile),
            Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id }.ToJsonString() + "\n")
        );
        return Identity()!;
    }

    /// <summary>Writes a file and removes it, as a silo does all the time.</summary>
    /// <exception cref="ShardException">The folder is read-only, or its disk is full.</exception>
    public void RequireWritable()
    {
        var probe = $".probe-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        storage.PutIfAbsent(System.IO.Path.Combine(Path, probe), "convosynth"u8.ToArray());
        storage.Delete(Path, [probe]);
    }
}
