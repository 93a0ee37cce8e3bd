using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace ConvoSynth.Cluster.Redis;

/// <summary>How the program connects to Redis, and what it says if it cannot.</summary>
internal static class RedisConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="ClusterException">The password or the certificate is missing.</exception>
    public static ConfigurationOptions Options(ClusterSettings settings)
    {
        var options = new ConfigurationOptions
        {
            User = settings.User,
            Password = PasswordOf(settings),
            Ssl = settings.Tls,
            ConnectTimeout = (int)Patience.TotalMilliseconds,
            // Redis may be away for a while: the silos stay, and connect again.
            AbortOnConnectFail = false,
        };
        options.EndPoints.Add(settings.Redis);
        if (settings.CertificateAuthority is { } path)
            options.TrustIssuer(CertificateIn(path));
        return options;
    }

    /// <exception cref="ClusterException">Redis does not answer, or refuses password or certificate.</exception>
    public static async Task<ConnectionMultiplexer> Open(ClusterSettings settings)
    {
        var options = Options(settings);
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;
        try
        {
            var redis = await ConnectionMultiplexer.ConnectAsync(options);
            await redis.GetDatabase().PingAsync();
            return redis;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new ClusterException(Sentence(settings, e));
        }
    }

    private static string Sentence(ClusterSettings settings, Exception e)
    {
        var all = Chain(e).ToArray();
        if (all.Any(x => x is AuthenticationException))
            return $"Redis at {settings.Redis} has no certificate that this machine trusts "
                + $"({all.OfType<AuthenticationException>().First().Message}); "
                + "name its authority in ConvoSynth:Cluster:CertificateAuthority";
        var text = string.Join(" ", all.Select(x => x.Message));
        string[] refusals = ["WRONGPASS", "NOAUTH", "invalid password", "invalid username-password"];
        if (
            refusals.Any(r => text.Contains(r, StringComparison.OrdinalIgnoreCase))
            || all.Any(x => x is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
        )
            return settings.PasswordVariable is { } variable
                ? $"Redis at {settings.Redis} refuses the password in the environment variable {variable}"
                : $"Redis at {settings.Redis} wants a password; name the environment variable that holds it in "
                    + "ConvoSynth:Cluster:PasswordVariable";
        return $"Redis at {settings.Redis} does not answer; start it, or correct ConvoSynth:Cluster:Redis";
    }

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            yield return e;
            if (e is AggregateException { InnerExceptions: { Count: > 1 } inner })
                foreach (var other in inner.Skip(1).SelectMany(Chain))
                    yield return other;
        }
    }

    private static string? PasswordOf(ClusterSettings settings) =>
        settings.PasswordVariable is not { } variable ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } password ? password
        : throw new ClusterException($"the password of Redis comes from the environment variable {variable}, which is not set");

    private static X509Certificate2 CertificateIn(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new ClusterException($"{path} of ConvoSynth:Cluster:CertificateAuthority is no certificate: {e.Message}");
        }
    }
}
