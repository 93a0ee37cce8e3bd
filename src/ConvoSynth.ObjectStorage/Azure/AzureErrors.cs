using System.Globalization;
using System.Net;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage.Azure;

/// <summary>Says in one sentence why a request failed.</summary>
internal static class AzureErrors
{
    public static T At<T>(string path, Func<T> request)
    {
        try
        {
            return request();
        }
        catch (Exception e) when (Is(e))
        {
            throw In(path, e);
        }
    }

    public static async Task<T> At<T>(string path, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception e) when (Is(e))
        {
            throw In(path, e);
        }
    }

    /// <summary>Whether the store refused a write because of its condition.</summary>
    public static bool IsConflict(RequestFailedException e) =>
        e.ErrorCode == nameof(BlobErrorCode.BlobAlreadyExists) || e.Status == (int)HttpStatusCode.PreconditionFailed;

    private static bool Is(Exception e) => e is RequestFailedException or AuthenticationFailedException or AggregateException;

    private static ShardException In(string path, Exception e)
    {
        if (e is AuthenticationFailedException)
            return new(
                ShardError.Storage,
                $"'{path}': no credentials for Azure were found; set {AzureConnection.ConnectionString} or {AzureConnection.Key}, or "
                    + "sign in as DefaultAzureCredential expects.",
                e
            );
        // After its last try the client throws all failures of one request together.
        var failed =
            e as RequestFailedException ?? (e as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault();
        return failed switch
        {
            { ErrorCode: "ContainerNotFound" } => new(ShardError.Storage, $"'{path}': the container does not exist; create it.", e),
            { ErrorCode: "BlobNotFound" } => new(ShardError.Storage, $"'{path}' is not there.", e),
            { Status: 401 or 403 } => new(
                ShardError.Storage,
                $"'{path}': the store refuses the credentials ({failed.ErrorCode}); check {AzureConnection.ConnectionString} or "
                    + $"{AzureConnection.Key}, and that they may read, write and list.",
                e
            ),
            { Status: > 0 } => new(
                ShardError.Storage,
                string.Create(CultureInfo.InvariantCulture, $"'{path}': the store answers {failed.Status} ({failed.ErrorCode})."),
                e
            ),
            _ => new(ShardError.Storage, $"'{path}': the store cannot be reached: {Innermost(e).Message}", e),
        };
    }

    private static Exception Innermost(Exception e) =>
        e is AggregateException { InnerExceptions: [.., var last] } ? Innermost(last)
        : e.InnerException is { } inner ? Innermost(inner)
        : e;
}
