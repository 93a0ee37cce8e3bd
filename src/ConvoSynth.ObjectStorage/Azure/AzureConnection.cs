using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage.Azure;

/// <summary>Opens a container with the credentials of the environment.</summary>
internal static class AzureConnection
{
    public const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";
    public const string Key = "AZURE_STORAGE_KEY";

    // Longer than a store takes for the largest part; a request that got no answer is then made again.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <param name="variable">The environment.</param>
    /// <exception cref="RunException">The credentials are malformed, or of another account.</exception>
    public static AzureStorage Open(ObjectAddress address, Func<string, string?> variable)
    {
        var (account, container) = (address.Names[0], address.Names[1]);
        var options = new BlobClientOptions();
        options.Retry.NetworkTimeout = RequestTimeout;
        options.Retry.Mode = RetryMode.Exponential;
        if (variable(ConnectionString) is { Length: > 0 } connection)
            return new(address, ByConnection(connection, account, options).GetBlobContainerClient(container));
        var service = new Uri($"https://{account}.blob.core.windows.net");
        try
        {
            var client = variable(Key) is { Length: > 0 } key
                ? new BlobServiceClient(service, new StorageSharedKeyCredential(account, key), options)
                : new BlobServiceClient(service, new DefaultAzureCredential(), options);
            return new(address, client.GetBlobContainerClient(container));
        }
        catch (FormatException)
        {
            throw new RunException($"{Key} is no account key: it must be the base64 text that Azure shows for {account}");
        }
    }

    private static BlobServiceClient ByConnection(string connection, string account, BlobClientOptions options)
    {
        BlobServiceClient client;
        try
        {
            client = new(connection, options);
        }
        catch (FormatException)
        {
            // The exception's text may hold the key.
            throw new RunException($"{ConnectionString} is no connection string: copy the one that Azure shows for {account}");
        }

        return client.AccountName == account
            ? client
            : throw new RunException($"{ConnectionString} is of the account {client.AccountName}, and the address names {account}");
    }
}
