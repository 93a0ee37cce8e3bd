using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Runs.Specs;

/// <summary>
/// A run spec in YAML (<c>generate --spec</c>): the command's options, and the endpoints of each role. Fields that the file omits are
/// null; the command line wins over the file.
/// </summary>
public sealed record RunFile
{
    public static RunFile Empty { get; } = new();

    public ImmutableArray<string>? Domains { get; init; }

    public string? Data { get; init; }

    public string? Blueprints { get; init; }

    public long? Count { get; init; }

    public long? Seed { get; init; }

    public double? FaultRate { get; init; }

    public double? ErrorRate { get; init; }

    public int? FurtherAttempts { get; init; }

    public int? PartitionSize { get; init; }

    public int? Concurrency { get; init; }

    public bool? EarlyStop { get; init; }

    public Profile? Accept { get; init; }

    public ImmutableArray<EndpointSpec> Endpoints { get; init; } = [];

    public RoleEndpoints? Roles { get; init; }

    public Budget Budget { get; init; } = new();

    /// <exception cref="RunException">The file has errors; every error is named with file and line.</exception>
    public static RunFile Read(string path)
    {
        var faults = new List<PackDiagnostic>();
        RunFile? file = null;
        if (YamlPart.Parse(path, File.ReadAllText(path), faults) is { } root)
            file = Of(root, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return faults.Count == 0 ? file! : throw new RunException(string.Join("\n  ", faults));
    }

    /// <summary>The endpoints under <c>ConvoSynth</c> in a configuration file; none if there is no such file.</summary>
    /// <exception cref="RunException">The file has errors; every error is named with file and line.</exception>
    public static ImmutableArray<EndpointSpec> SharedEndpoints(string path)
    {
        if (!File.Exists(path))
            return [];
        var faults = new List<PackDiagnostic>();
        // JSON is YAML, and this parser reports lines.
        var endpoints =
            YamlPart
                .Parse(path, File.ReadAllText(path, Encoding.UTF8), faults)
                ?["ConvoSynth"]?["endpoints"]?.Items.Select(EndpointReading.Endpoint)
                .ToImmutableArray()
            ?? [];
        return faults.Count == 0 ? endpoints : throw new RunException(string.Join("\n  ", faults));
    }

    private static RunFile Of(YamlPart root, string folder)
    {
        root.Only(
            "domains",
            "data",
            "blueprints",
            "count",
            "seed",
            "fault_rate",
            "error_rate",
            "further_attempts",
            "partition_size",
            "concurrency",
            "early_stop",
            "accept",
            "endpoints",
            "roles",
            "budget"
        );
        var budget = root["budget"]?.Only("max_cost", "max_tokens", "max_duration");
        return new()
        {
            Domains = root["domains"] is { } domains ? [.. domains.Texts] : null,
            Data = PathOf(root["data"], folder),
            Blueprints = PathOf(root["blueprints"], folder),
            Count = root["count"]?.Whole(),
            Seed = root["seed"]?.Whole(),
            FaultRate = root["fault_rate"]?.Fraction(),
            ErrorRate = root["error_rate"]?.Fraction(),
            FurtherAttempts = root["further_attempts"]?.Whole32(),
            PartitionSize = root["partition_size"]?.Whole32(),
            Concurrency = root["concurrency"]?.Whole32(),
            Accept = root["accept"]?.OneOf([.. Profiles.All.Select(p => (Profiles.NameOf(p), p))]),
            EarlyStop = root["early_stop"] is null ? null : root.FlagOf("early_stop"),
            Endpoints = [.. root["endpoints"]?.Items.Select(EndpointReading.Endpoint) ?? []],
            Roles = root["roles"] is { } roles ? EndpointReading.Roles(roles) : null,
            Budget = new()
            {
                Cost = budget?["max_cost"]?.Amount(),
                Tokens = budget?["max_tokens"]?.Whole(),
                Duration = budget?["max_duration"]?.Duration(),
            },
        };
    }

    // Relative to the file, so that a spec and its files can be moved together.
    private static string? PathOf(YamlPart? part, string folder) =>
        part is null ? null : Path.GetRelativePath(".", Path.Combine(folder, part.Text));
}
