using System.Reflection;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using ConvoSynth.ObjectStorage.Azure;
using ConvoSynth.ObjectStorage.S3;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;
using Xunit.Sdk;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>The storages that the tests try, each with a place of its own for each test.</summary>
public sealed class Stores : IAsyncLifetime
{
    public const string Disk = "disk";
    public const string Azure = "azure";
    public const string S3 = "s3";
    public const string Bucket = "bucket";

    /// <summary>Names a real bucket, as s3://BUCKET/PATH; AWS' own variables have the credentials.</summary>
    public const string BucketVariable = "CONVOSYNTH_TEST_BUCKET";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-stores-");
    private AzuriteServer? _azurite;
    private S3Server? _s3;
    private int _places;

    internal AzuriteServer Azurite => _azurite!;

    internal S3Server S3rver => _s3!;

    public static IEnumerable<string> Available
    {
        get
        {
            yield return Disk;
            if (AzuriteServer.IsInstalled)
                yield return Azure;
            if (S3Server.IsInstalled)
                yield return S3;
            if (Environment.GetEnvironmentVariable(BucketVariable) is { Length: > 0 })
                yield return Bucket;
        }
    }

    public async Task InitializeAsync()
    {
        if (AzuriteServer.IsInstalled)
            _azurite = await AzuriteServer.Start();
        if (S3Server.IsInstalled)
            _s3 = await S3Server.Start();
    }

    public Task DisposeAsync()
    {
        _azurite?.Dispose();
        _s3?.Dispose();
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    public RunPlace Place(string store)
    {
        var number = Interlocked.Increment(ref _places);
        if (store == Disk)
            return RunPlace.OnDisk(_folder.CreateSubdirectory($"{number}").FullName);
        if (store == S3)
            return S3Place($"s3://{S3Server.Bucket}/test{number}", S3rver.Endpoint);
        if (store == Bucket)
            return ObjectPlaces.Of(
                $"{Environment.GetEnvironmentVariable(BucketVariable)!.TrimEnd('/')}/"
                    + RandomNumberGenerator.GetHexString(16, lowercase: true)
            );
        var container = $"container{number}";
        new BlobServiceClient(Azurite.ConnectionString).CreateBlobContainer(container);
        return AzurePlace($"az://{AzuriteServer.Account}/{container}/runs", Azurite.ConnectionString);
    }

    internal static RunPlace S3Place(string address, string endpoint, string key = S3Server.Key) =>
        new(
            S3Connection.Open(
                ObjectAddress.Of(address),
                name =>
                    name switch
                    {
                        "AWS_ENDPOINT_URL" => endpoint,
                        S3Connection.KeyId => key,
                        S3Connection.Secret => S3Server.Key,
                        _ => null,
                    }
            ),
            address
        );

    internal static RunPlace AzurePlace(string address, string connection) =>
        new(AzureConnection.Open(ObjectAddress.Of(address), name => name == AzureConnection.ConnectionString ? connection : null), address);
}

/// <summary>The storages are started once for all tests.</summary>
[CollectionDefinition(nameof(Stores))]
public sealed class StoresCollection : ICollectionFixture<Stores>;

/// <summary>Each storage that is there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreDataAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Stores.Available.Select(s => new object[] { s });
}

/// <summary>A test that needs Azurite and s3rver; skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        if (!AzuriteServer.IsInstalled || !S3Server.IsInstalled)
            Skip = "Azurite and s3rver are not installed (npm ci --prefix tests/interop)";
    }
}
