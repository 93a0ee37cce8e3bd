using System.Net;
using Microsoft.Extensions.Configuration;

namespace ConvoSynth.Cluster;

/// <summary>
/// The settings of a cluster: the section <c>ConvoSynth:Cluster</c> of a configuration file, and the ids of the section <c>Orleans</c>.
/// Environment variables override the file.
/// </summary>
public sealed record ClusterSettings
{
    private const string Section = "ConvoSynth:Cluster";
    private const int MaxPort = 65_535;

    /// <summary>Host and port of Redis.</summary>
    public required string Redis { get; init; }

    /// <summary>The environment variable with the password of Redis.</summary>
    /// <value>Null by default: Redis wants none.</value>
    public string? PasswordVariable { get; init; }

    /// <summary>The user of Redis.</summary>
    /// <value>Null by default: Redis' default user.</value>
    public string? User { get; init; }

    /// <summary>Whether connections to Redis are encrypted, and its certificate is checked.</summary>
    /// <value>False by default.</value>
    public bool Tls { get; init; }

    /// <summary>A PEM file with the certificate that must have signed that of Redis.</summary>
    /// <value>Null by default: the system's trusted authorities.</value>
    public string? CertificateAuthority { get; init; }

    /// <summary>The folder of the runs.</summary>
    /// <value>Null by default: <c>--runs</c> names it.</value>
    public string? Runs { get; init; }

    /// <summary>The folder of the packs that a silo may run.</summary>
    /// <value>Null by default: <c>blueprints</c> in the working folder, then beside the program.</value>
    public string? Packs { get; init; }

    /// <summary>A PEM file with the certificate that this process shows other silos and clients.</summary>
    /// <value>Null by default: connections between silos and clients are in clear.</value>
    public string? SiloCertificate { get; init; }

    /// <summary>A PEM file with the key of <see cref="SiloCertificate"/>.</summary>
    /// <value>Null by default: the key is in the file of the certificate.</value>
    public string? SiloKey { get; init; }

    /// <summary>A PEM file with the authority that must have signed the certificate of every silo and client.</summary>
    /// <value>Null by default; required with <see cref="SiloCertificate"/>.</value>
    public string? SiloAuthority { get; init; }

    /// <summary>The address at which other silos and clients reach a silo.</summary>
    /// <value>Loopback by default.</value>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port for other silos.</summary>
    /// <value>0 by default: any free one. From 0 to 65535.</value>
    public int Port { get; init; }

    /// <summary>The port for clients.</summary>
    /// <value>0 by default: any free one. From 0 to 65535.</value>
    public int GatewayPort { get; init; }

    /// <summary>The port at which a silo tells over HTTP whether it lives and takes work.</summary>
    /// <value>0 by default: none. From 0 to 65535.</value>
    public int HttpPort { get; init; }

    /// <summary>The address of <see cref="HttpPort"/>; 0.0.0.0 for all of this machine.</summary>
    /// <value>Loopback by default.</value>
    public string HttpAddress { get; init; } = "127.0.0.1";

    /// <summary>Whether Orleans' dashboard is shown at <c>/dashboard</c> of <see cref="HttpPort"/>.</summary>
    /// <value>False by default.</value>
    public bool Dashboard { get; init; }

    /// <summary>The environment variable with the password of the dashboard.</summary>
    /// <value>Null by default: no password, and no other address than loopback.</value>
    public string? DashboardTokenVariable { get; init; }

    /// <summary>Names the cluster in Redis, over all versions of the program.</summary>
    public string ServiceId { get; init; } = "convosynth";

    /// <summary>Names the cluster among clusters of one service.</summary>
    public string ClusterId { get; init; } = "convosynth";

    /// <summary>The program's version: silos of two versions never share a cluster.</summary>
    public static string Version { get; } = typeof(ClusterSettings).Assembly.GetName().Version!.ToString(3);

    internal string VersionedClusterId => $"{ClusterId}-{Version}";

    internal IPAddress HttpAddressOf() => IPAddress.Parse(HttpAddress);

    internal IPAddress AddressOf() => IPAddress.Parse(Address);

    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ClusterException">A setting is missing or out of range.</exception>
    public static ClusterSettings Read(IConfiguration configuration, string file)
    {
        var section = configuration.GetSection(Section);
        if (section["Redis"] is not { Length: > 0 } redis)
            throw new ClusterException(
                $"{file} has no {Section}:Redis; a cluster needs Redis, such as {{\"ConvoSynth\": {{\"Cluster\": "
                    + "{\"Redis\": \"127.0.0.1:6379\"}}}"
            );
        var defaults = new ClusterSettings { Redis = redis };
        return new()
        {
            Redis = redis,
            PasswordVariable = section["PasswordVariable"],
            User = section["User"],
            Tls = section["Tls"] is { } tls && Flag("Tls", tls, file),
            CertificateAuthority = section["CertificateAuthority"],
            Runs = section["Runs"],
            Packs = section["Packs"],
            SiloCertificate = section["SiloCertificate"],
            SiloKey = section["SiloKey"],
            SiloAuthority = section["SiloAuthority"],
            Address = AddressIn("Address", section["Address"] ?? defaults.Address, file),
            Port = PortIn("Port", section["Port"], file),
            GatewayPort = PortIn("GatewayPort", section["GatewayPort"], file),
            HttpPort = PortIn("HttpPort", section["HttpPort"], file),
            HttpAddress = AddressIn("HttpAddress", section["HttpAddress"] ?? defaults.HttpAddress, file),
            Dashboard = section["Dashboard"] is { } dashboard && Flag("Dashboard", dashboard, file),
            DashboardTokenVariable = section["DashboardTokenVariable"],
            ServiceId = configuration["Orleans:ServiceId"] ?? defaults.ServiceId,
            ClusterId = configuration["Orleans:ClusterId"] ?? defaults.ClusterId,
        };
    }

    /// <summary>Checks values that the command line may have replaced.</summary>
    /// <exception cref="ClusterException">A value is out of range.</exception>
    public void Require()
    {
        AddressIn("Address", Address, "--address");
        PortIn("Port", $"{Port}", "--port");
        PortIn("GatewayPort", $"{GatewayPort}", "--gateway-port");
        PortIn("HttpPort", $"{HttpPort}", "--http-port");
    }

    private static bool Flag(string name, string text, string file) =>
        bool.TryParse(text, out var flag)
            ? flag
            : throw new ClusterException($"{Section}:{name} in {file} is \"{text}\"; it must be true or false");

    private static string AddressIn(string name, string text, string file) =>
        IPAddress.TryParse(text, out _)
            ? text
            : throw new ClusterException($"{Section}:{name} in {file} is \"{text}\"; it must be an IP address of this machine");

    private static int PortIn(string name, string? text, string file) =>
        text is null ? 0
        : int.TryParse(text, out var port) && port is >= 0 and <= MaxPort ? port
        : throw new ClusterException($"{Section}:{name} in {file} is \"{text}\"; it must be a port from 0 to {MaxPort}");
}
