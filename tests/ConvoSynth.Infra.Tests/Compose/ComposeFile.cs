using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ConvoSynth.Infra.Tests.Compose;

/// <summary>The compose file, with anchors resolved. A field without a property here is an error.</summary>
public sealed class ComposeFile
{
    internal static ComposeFile Cluster { get; } = Parse(Infra.Read("compose.yaml"));

    /// <summary>The configuration that its silos read.</summary>
    internal static string Configuration => Infra.Read("compose", "cluster.json");

    public string Name { get; set; } = "";

    public Dictionary<string, ComposeService> Services { get; set; } = [];

    public Dictionary<string, object?> Volumes { get; set; } = [];

    public Dictionary<string, ComposeNetwork> Networks { get; set; } = [];

    internal IEnumerable<KeyValuePair<string, ComposeService>> Silos =>
        Services.Where(s => s.Value.Command.FirstOrDefault() == "silo").OrderBy(s => s.Key, StringComparer.Ordinal);

    internal static ComposeFile Parse(string text)
    {
        // Merging hides keys that stand twice.
        new DeserializerBuilder()
            .WithDuplicateKeyChecking()
            .Build()
            .Deserialize<object>(text);
        var whole = new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(text))));
        var own = whole.Where(e => !e.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .Build()
            .Deserialize<ComposeFile>(new SerializerBuilder().DisableAliases().WithQuotingNecessaryStrings().Build().Serialize(own));
    }
}

public sealed class ComposeService
{
    public string Image { get; set; } = "";

    public ComposeBuild? Build { get; set; }

    public List<string> Command { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public List<string> Volumes { get; set; } = [];

    public List<string> Ports { get; set; } = [];

    /// <summary>A list of names, or names with addresses.</summary>
    public object? Networks { get; set; }

    public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

    public Dictionary<string, object>? Healthcheck { get; set; }

    public List<string> Profiles { get; set; } = [];

    public List<string> Tmpfs { get; set; } = [];

    public List<string> CapDrop { get; set; } = [];

    public List<string> SecurityOpt { get; set; } = [];

    public bool ReadOnly { get; set; }

    public string? StopGracePeriod { get; set; }

    public string? Restart { get; set; }

    internal IEnumerable<(string Source, string Target)> Mounts => Volumes.Select(v => v.Split(':')).Select(p => (p[0], p[1]));

    internal IEnumerable<string> NetworkNames =>
        Networks switch
        {
            List<object> names => names.Cast<string>(),
            Dictionary<object, object> named => named.Keys.Cast<string>(),
            _ => [],
        };

    internal string? AddressIn(string network) =>
        Networks is Dictionary<object, object> named && named[network] is Dictionary<object, object> settings
            ? (string)settings["ipv4_address"]
            : null;

    /// <summary>The value behind a word of the command.</summary>
    internal string? Option(string name) => Command.SkipWhile(w => w != name).ElementAtOrDefault(1);
}

public sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";
}

public sealed class ComposeNetwork
{
    public ComposeIpam Ipam { get; set; } = new();
}

public sealed class ComposeIpam
{
    public List<ComposeSubnet> Config { get; set; } = [];
}

public sealed class ComposeSubnet
{
    public string Subnet { get; set; } = "";

    public string IpRange { get; set; } = "";
}
