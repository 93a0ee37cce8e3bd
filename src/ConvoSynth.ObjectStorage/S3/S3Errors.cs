using System.Globalization;
using System.Net;
using Amazon.Runtime;
using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>Makes requests, and says in one sentence why one failed.</summary>
internal static class S3Errors
{
    // The client has no synchronous calls. On the pool, no continuation waits for the thread that is blocked here.
#pragma warning disable VSTHRD002
    public static T At<T>(string path, Func<Task<T>> request) => Task.Run(() => AtAsync(path, request)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    public static async Task<T> AtAsync<T>(string path, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or TaskCanceledException)
        {
            throw In(path, e);
        }
    }

    /// <summary>Whether the store refused a write because of its condition.</summary>
    public static bool IsConflict(AmazonServiceException e) =>
        e.StatusCode == HttpStatusCode.PreconditionFailed || e.ErrorCode == "ConditionalRequestConflict";

    public static bool IsMissing(AmazonServiceException e) => e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket";

    private static ShardException In(string path, Exception e) =>
        e switch
        {
            AmazonServiceException { ErrorCode: "NoSuchBucket" } => new(
                ShardError.Storage,
                $"'{path}': the bucket does not exist; create it.",
                e
            ),
            AmazonServiceException missing when IsMissing(missing) => new(ShardError.Storage, $"'{path}' is not there.", e),
            AmazonServiceException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused => new(
                ShardError.Storage,
                $"'{path}': the store refuses the credentials ({refused.ErrorCode}); check {S3Connection.KeyId} and {S3Connection.Secret}, "
                    + "and that they may read, write and list.",
                e
            ),
            AmazonServiceException { StatusCode: >= HttpStatusCode.OK } failed => new(
                ShardError.Storage,
                string.Create(CultureInfo.InvariantCulture, $"'{path}': the store answers {(int)failed.StatusCode} ({failed.ErrorCode})."),
                e
            ),
            AmazonClientException { InnerException: null } unsigned => new(
                ShardError.Storage,
                $"'{path}': no credentials for S3 were found; set {S3Connection.KeyId} and {S3Connection.Secret} "
                    + $"({unsigned.GetType().Name}).",
                e
            ),
            _ => new(ShardError.Storage, $"'{path}': the store cannot be reached: {Innermost(e).Message}", e),
        };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
