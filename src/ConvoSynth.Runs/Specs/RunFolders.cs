using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Specs;

/// <summary>The one run folder of this process, and the run that may write to it.</summary>
/// <param name="own">The run's id.</param>
public sealed class RunFolders(RunFolder folder, string own, IShardFormat format, ShardLimits limits) : IRunFolders
{
    /// <summary>A folder of a file system.</summary>
    public RunFolders(string path, string own, IShardFormat format, ShardLimits limits)
        : this(new RunFolder(new DiskStorage(), path), own, format, limits) { }

    public RunFolder Folder { get; } = folder;

    public IShardFormat Format { get; } = format;

    public ShardLimits Limits { get; } = limits;

    /// <exception cref="InvalidOperationException">It is another run, whose rows must not enter this folder.</exception>
    public RunFolder For(string runId) =>
        runId == own ? Folder : throw new InvalidOperationException($"the run {runId} asks for the folder {Folder.Path} of the run {own}");

    /// <summary>A run folder for reading.</summary>
    /// <exception cref="RunException">There is no such folder.</exception>
    public static RunFolder OpenExisting(RunPlace place, bool noCheck) =>
        place.Storage.FolderExists(place.Path)
            ? new(place.Storage, place.Path) { ChecksShards = !noCheck }
            : throw new RunException($"there is no run folder {place.Path}");

    /// <summary>The run's id: the name of its folder.</summary>
    /// <exception cref="RunException">The path has no name, or its name cannot be part of an id.</exception>
    public static string RunIdOf(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new RunException("--out is empty; name a folder");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return name.Length > 0 ? name : throw new RunException($"--out {path} has no name that could be the run's id; name a folder");
    }

    /// <summary>Compares every committed shard with its commit record, unless the folder is opened without checks.</summary>
    /// <exception cref="RunException">A shard is missing or damaged; the sentence names it.</exception>
    public static void RequireWhole(RunFolder run)
    {
        if (!run.ChecksShards)
            return;
        foreach (var finding in RunManifest.Read(run).Verify(run))
            throw new RunException($"{finding.Problem} Restore the file, or make the run again.");
    }
}

/// <summary>The spec in a run folder, which a resume must match, preceded by the folder's format and its writer.</summary>
public static class SpecFile
{
    public const string Name = "run.json";
    private const string Format = "format";
    private const string Writer = "writer";

    private static readonly RunSpec Unwritten = new()
    {
        RunId = "",
        Domains = [],
        Count = 0,
        Seed = 0,
    };

    /// <summary>Checks, without writing, that the run may begin or resume in the folder.</summary>
    /// <exception cref="RunException">The folder holds another run, a run without a requested resume, or a damaged shard.</exception>
    public static void Require(RunFolder run, RunSpec spec, bool resume)
    {
        var path = Path.Combine(run.Path, Name);
        if (run.Storage.Exists(path))
        {
            if (resume && FormatOf(run) is var format && format != RunFormat.Current)
                throw new RunException(
                    $"{path} has the format {format}, and this program writes {RunFormat.Current}: "
                        + "a run ends in the format that it was begun in; go on with the version that began it, "
                        + "or make another run with another --out"
                );
            var held = Read(run);
            if (!resume)
                throw new RunException(
                    $"{run.Path} holds the run \"{held.RunId}\" already; go on with it by --resume, or choose another --out"
                );
            if (SpecDifference.Between(held, spec) is { } difference)
                throw new RunException(
                    $"{run.Path} holds another run: {difference}; choose another --out, or repeat the options it was begun with"
                );
            RequirePrompts(run, held, spec);
            RunFolders.RequireWhole(run);
            return;
        }

        if (resume)
            throw new RunException($"there is no run to resume in {run.Path}");
        if (run.Storage.List(run.Path).Count + run.Storage.Folders(run.Path).Count > 0)
            throw new RunException($"{run.Path} is not empty and holds no run; choose another --out");
    }

    /// <summary>Begins the run in its folder; does nothing for a resumed run.</summary>
    public static void Begin(RunFolder run, RunSpec spec)
    {
        if (run.Storage.Exists(Path.Combine(run.Path, Name)))
            return;
        var whole = new JsonObject
        {
            [Format] = RunFormat.Current,
            [Writer] = $"convosynth {typeof(SpecFile).Assembly.GetName().Version!.ToString(3)}, Parquet.Net {ParquetShards.PackageVersion}",
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(spec, SpecJson.Default.RunSpec)!.AsObject())
            whole[name] = value?.DeepClone();
        run.WriteFile(run.Path, Name, stream => JsonSerializer.Serialize(stream, whole, SpecJson.Default.JsonObject));
    }

    /// <summary>
    /// The format of a run's folder, as numbered by <see cref="RunFormat"/>; 1 for the first versions, which did not write it.
    /// </summary>
    /// <exception cref="RunException">There is no run, or its spec is damaged.</exception>
    public static int FormatOf(RunFolder run) =>
        Whole(run)[Format] switch
        {
            null => 1,
            JsonValue value when value.TryGetValue(out int format) => format,
            _ => throw new RunException($"{Path.Combine(run.Path, Name)} is damaged: its format must be a number"),
        };

    /// <exception cref="RunException">There is no run, its spec is damaged, or a later version wrote it.</exception>
    public static RunSpec Read(RunFolder run)
    {
        var path = Path.Combine(run.Path, Name);
        var text = Whole(run);
        if (FormatOf(run) is var format && format > RunFormat.Current)
            throw new RunException(
                $"{path} has the format {format}, and this program reads up to {RunFormat.Current}: "
                    + $"read it with the version that wrote it ({text[Writer]}), or a later one"
            );
        try
        {
            // Fields that an earlier version did not write get their defaults; deserialization alone would give zeros and default arrays.
            var whole = JsonSerializer.SerializeToNode(Unwritten, SpecJson.Default.RunSpec)!.AsObject();
            foreach (var (name, value) in text)
                whole[name] = value?.DeepClone();
            var spec = whole.Deserialize(SpecJson.Default.RunSpec)!;
            return spec.Problem() is { } problem ? throw new RunException($"{path} is damaged: {problem}") : spec;
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged: {e.Message}");
        }
    }

    private static JsonObject Whole(RunFolder run)
    {
        var path = Path.Combine(run.Path, Name);
        var text = run.ReadFile(Name) ?? throw new RunException($"{run.Path} holds no run: there is no {Name}");
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new RunException($"{path} is damaged: an object is wanted there");
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged: {e.Message}");
        }
    }

    // Other prompts would change the remaining rows, and the journal's answers would be paid for again.
    private static void RequirePrompts(RunFolder run, RunSpec held, RunSpec asked)
    {
        if (PromptHashes.Changed(held.PromptHashes, asked.PromptHashes) is not { Count: > 0 } changed)
            return;
        if (held.PromptHashes.IsEmpty)
            throw new RunException(
                $"{Path.Combine(run.Path, Name)} has no hashes of prompts, so nobody can tell whether the run was begun with "
                    + "these; begin another run with another --out"
            );
        var (name, are, it) = changed is [var only]
            ? ($"the prompt {only}.md", "is not the one", $"it back as it was (the run has it as {KeptInputs.PromptPath(run, only)})")
            : (
                $"the prompts {string.Join(", ", changed.Select(c => $"{c}.md"))}",
                "are not those",
                $"them back as they were (the run has them in {KeptInputs.PromptFolder(run)})"
            );
        throw new RunException(
            $"{name} {are} that the run in {run.Path} was begun with, and its rows must not mix them; "
                + $"put {it}, or begin another run with another --out"
        );
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunSpec))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(int))]
internal sealed partial class SpecJson : JsonSerializerContext;
