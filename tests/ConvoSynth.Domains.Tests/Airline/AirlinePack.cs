using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Airline;

/// <summary>The airline pack on its own data, loaded once for all tests.</summary>
internal static class AirlinePack
{
    public static readonly string Folder = RepositoryRoot.At("blueprints/airline");

    private static readonly Lazy<Pack> LazyOwn = new(() => PackLoading.Load(Folder));

    public static Pack Own => LazyOwn.Value;
}
