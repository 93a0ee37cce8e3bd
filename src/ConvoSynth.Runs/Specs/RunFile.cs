using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Calibrations;

namespace ConvoSynth.Runs.Specs;

/// <summary>
/// A run spec in YAML (<c>generate --spec</c>): the command's options, and the endpoints of each role. The command line wins over the
/// file.
/// </summary>
public sealed record RunFile
{
    private readonly Dictionary<string, object> _values = [];

    public static RunFile Empty { get; } = new();

    public ImmutableArray<EndpointSpec> Endpoints { get; private init; } = [];

    public RoleEndpoints? Roles { get; private init; }

    /// <summary>The calibration that decides which judges vote; null if all do.</summary>
    public NamedCalibration? Calibration { get; init; }

    /// <summary>The value of an option; null if the file omits it.</summary>
    public T? Of<T>(RunOption<T> option) => _values.TryGetValue(option.Key, out var value) ? (T)value : default;

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
        // Group → the names in it; the empty group stands at the top.
        var groups = RunOptions.All.Select(o => o.Key.Split('.')).ToLookup(k => k.Length > 1 ? k[0] : "", k => k[^1]);
        root.Only([.. groups[""], "endpoints", "roles", .. groups.Select(g => g.Key).Where(g => g.Length > 0)]);
        foreach (var group in groups.Where(g => g.Key.Length > 0))
            root[group.Key]?.Only([.. group]);
        var file = new RunFile
        {
            Endpoints = [.. root["endpoints"]?.Items.Select(EndpointReading.Endpoint) ?? []],
            Roles = root["roles"] is { } roles ? RoleReading.Roles(roles) : null,
            Calibration = root["roles"] is { } judged ? RoleReading.Calibration(judged, folder) : null,
        };
        foreach (var option in RunOptions.All)
        {
            var part = option.Key.Split('.') is [var group, var inner] ? root[group]?[inner] : root[option.Key];
            if (part is not null && option.ReadFrom(part, folder) is { } value)
                file._values.Add(option.Key, value);
        }

        return file;
    }
}
