using System.Globalization;

namespace ConvoSynth.Tests;

/// <summary>s3rver, which serves S3's protocol on loopback and ignores conditions, and a proxy that adds them.</summary>
internal sealed class S3Server : IDisposable
{
    public const string Bucket = "runs";

    /// <summary>The account that s3rver has.</summary>
    public const string Key = "S3RVER";

    private const string Module = "node_modules/s3rver/bin/s3rver.js";

    private readonly DirectoryInfo _folder;
    private readonly NodeServer _server;
    private readonly NodeServer _proxy;

    private S3Server(DirectoryInfo folder, NodeServer server, NodeServer proxy) => (_folder, _server, _proxy) = (folder, server, proxy);

    public static bool IsInstalled { get; } = NodeServer.IsInstalled(Module);

    public string Endpoint => NodeServer.Loopback(_proxy.Port);

    public string EndpointWithoutConditions => NodeServer.Loopback(_server.Port);

    public int Requests => _proxy.Requests;

    public static async Task<S3Server> Start()
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-s3-");
        var server = await NodeServer.Start(
            Module,
            port => ["--directory", folder.FullName, "--address", "127.0.0.1", "--port", Text(port), "--configure-bucket", Bucket],
            "listening on",
            // It makes the tokens of its lists with a cipher that OpenSSL has retired.
            "--openssl-legacy-provider"
        );
        var proxy = await NodeServer.Start("conditional-proxy.mjs", port => [Text(port), Text(server.Port)], "listening on");
        return new(folder, server, proxy);
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
