using System.CommandLine.Parsing;
using Azure.Storage.Blobs;

namespace ConvoSynth.Cluster.Tests;

/// <summary>The commands of the page about clusters are run in order on two silos, under the names of the test.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class PageTests
{
    private const string ObjectStore = "az://myaccount/runs/cluster";
    private const string Fence = "```sh needs-cluster\n";

    [RedisFact]
    public async Task Every_command_of_the_page_succeeds_in_its_turn()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var (stays, leaves) = (await cluster.Join(), await cluster.Join());
        var spec = cluster.At("spec.yaml");
        await File.WriteAllTextAsync(spec, "domains: [library]\nseed: 1\ncount: 40\npartition_size: 20\n");
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cluster.json"] = cluster.Config,
            ["spec.yaml"] = spec,
            ["/mnt/runs"] = cluster.Root.Path,
            ["/mnt/runs/b"] = Path.Combine(cluster.Root.Path, "b"),
            ["10.0.0.11:11111"] = await leaves.Joined,
        };
        using var azurite = AzuriteServer.IsInstalled ? await AzuriteServer.Start() : null;
        if (azurite is not null)
        {
            Environment.SetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString);
            await new BlobServiceClient(azurite.ConnectionString).CreateBlobContainerAsync("page");
            names[ObjectStore] = $"az://{AzuriteServer.Account}/page/cluster";
        }

        var ran = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var line in Lines().Where(l => l[0] == "convosynth" && l[1] != "silo" && (azurite is not null || !l.Contains(ObjectStore)))
        )
        {
            string[] arguments = [.. line[1..].Select(w => names.GetValueOrDefault(w, w))];
            if (arguments[0] is "submit" or "generate")
                arguments = [.. arguments, "--packs", RepositoryRoot.At("blueprints")];

            var said = await TestCluster.Execute(arguments);

            said.Code.Should().Be(0, "{0} says {1}{2}", string.Join(' ', line), said.Output, said.Errors);
            ran.Add(arguments[0]);
        }

        ran.Should().BeEquivalentTo("doctor", "submit", "status", "stop", "list", "drain", "generate");
        (await leaves.Ended).Should().BeNull("it was drained");
        stays.Ended.IsCompleted.Should().BeFalse();
    }

    private static IEnumerable<string[]> Lines() =>
        File.ReadAllText(RepositoryRoot.At("docs", "cluster.md"))
            .Split(Fence)
            .Skip(1)
            .SelectMany(b => b[..b.IndexOf("```", StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(l => CommandLineParser.SplitCommandLine(l.Split(" #")[0]).ToArray());
}
