using Amazon.Runtime;
using Amazon.S3;
using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>Opens a bucket with the credentials of the environment, as AWS' own tools name them.</summary>
internal static class S3Connection
{
    public const string KeyId = "AWS_ACCESS_KEY_ID";
    public const string Secret = "AWS_SECRET_ACCESS_KEY";
    private const string Session = "AWS_SESSION_TOKEN";
    private const string Region = "AWS_REGION";
    private const string DefaultRegion = "us-east-1";
    private static readonly string[] Endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <param name="variable">The environment.</param>
    /// <exception cref="RunException">A variable is malformed, or one of two is missing.</exception>
    public static S3Storage Open(ObjectAddress address, Func<string, string?> variable)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = Given(Region) ?? DefaultRegion,
            // Checksums in trailers make some stores keep signatures inside objects.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = RequestTimeout,
            MaxErrorRetry = 4,
        };
        if (Endpoints.FirstOrDefault(e => Given(e) is not null) is { } name)
        {
            if (!Uri.TryCreate(Given(name), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                throw new RunException($"{name} is no URL: give one such as https://minio.internal:9000");
            config.ServiceURL = url.ToString();
            config.ForcePathStyle = true;
        }
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(config.AuthenticationRegion);

        return new(address, Client());

        AmazonS3Client Client()
        {
            var (id, secret) = (Given(KeyId), Given(Secret));
            if (id is null != secret is null)
                throw new RunException($"{(id is null ? KeyId : Secret)} is not set, and {(id is null ? Secret : KeyId)} is; set both");
            if (id is null || secret is null)
                return new(config);
            return Given(Session) is { } session ? new(id, secret, session, config) : new(id, secret, config);
        }

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }
}
