using System.Globalization;
using System.Security.Cryptography;

namespace ConvoSynth.Tests;

/// <summary>Azurite, which serves Azure Blob Storage on loopback, in memory.</summary>
internal sealed class AzuriteServer : IDisposable
{
    public const string Account = "convosynth";

    private const string Module = "node_modules/azurite/dist/src/blob/main.js";

    private readonly NodeServer _server;
    private readonly string _key;

    private AzuriteServer(NodeServer server, string key) => (_server, _key) = (server, key);

    public static bool IsInstalled { get; } = NodeServer.IsInstalled(Module);

    public int Requests => _server.Requests;

    public string ConnectionString => With(_key);

    public static async Task<AzuriteServer> Start()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        Environment.SetEnvironmentVariable("AZURITE_ACCOUNTS", $"{Account}:{key}");
        var server = await NodeServer.Start(
            Module,
            port =>
                [
                    "--blobHost",
                    "127.0.0.1",
                    "--blobPort",
                    port.ToString(CultureInfo.InvariantCulture),
                    "--inMemoryPersistence",
                    "--disableTelemetry",
                    "--skipApiVersionCheck",
                ],
            "successfully listen"
        );
        return new(server, key);
    }

    public string With(string key) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};"
        + $"BlobEndpoint={NodeServer.Loopback(_server.Port)}/{Account};";

    public void Dispose() => _server.Dispose();
}
