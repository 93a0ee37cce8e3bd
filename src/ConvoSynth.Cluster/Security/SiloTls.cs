using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using Orleans.Hosting;

namespace ConvoSynth.Cluster.Security;

/// <summary>
/// TLS between silos and clients, both of which show a certificate of the cluster's own authority. Names are not compared: an address
/// changes with each silo, and only the authority says who belongs to the cluster.
/// </summary>
internal sealed class SiloTls
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2 _authority;

    private SiloTls(X509Certificate2 own, X509Certificate2 authority) => (_own, _authority) = (own, authority);

    /// <returns>Null if the settings name no certificate: then connections are in clear.</returns>
    /// <exception cref="ClusterException">A file is missing or no certificate, or this cluster's authority did not sign it.</exception>
    public static SiloTls? Of(ClusterSettings settings)
    {
        if (settings.SiloCertificate is not { } certificate)
            return null;
        if (settings.SiloAuthority is not { } authority)
            throw new ClusterException(
                "ConvoSynth:Cluster:SiloCertificate needs ConvoSynth:Cluster:SiloAuthority, the PEM file of the authority that signed it"
            );
        var tls = new SiloTls(
            Load(certificate, "SiloCertificate", p => WithKey(p, settings.SiloKey)),
            Load(authority, "SiloAuthority", X509CertificateLoader.LoadCertificateFromFile)
        );
        return tls.IsOfCluster(tls._own)
            ? tls
            : throw new ClusterException(
                $"{certificate} of ConvoSynth:Cluster:SiloCertificate is not signed by {authority}, or is not valid today; "
                    + "other silos would refuse this one"
            );
    }

    public void Secure(ISiloBuilder silo) => silo.UseTls(_own, Configure);

    public void Secure(IClientBuilder client) => client.UseTls(_own, Configure);

    private void Configure(TlsOptions options)
    {
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => IsOfCluster(certificate);
        // The name is sent, though not compared: TLS wants one.
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = "convosynth";
    }

    private bool IsOfCluster(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        // A cluster's own authority publishes no list of revoked certificates.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 WithKey(string path, string? key)
    {
        using var pem = X509Certificate2.CreateFromPemFile(path, key);
        // Windows' TLS cannot use a key that exists only in memory.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 Load(string path, string setting, Func<string, X509Certificate2> load)
    {
        try
        {
            return load(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException($"{path} of ConvoSynth:Cluster:{setting} cannot be used: {e.Message}");
        }
    }
}
