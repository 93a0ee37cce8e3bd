namespace ConvoSynth.Infra.Tests;

/// <summary>The files under <c>infra</c>.</summary>
internal static class Infra
{
    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([RepositoryRoot.At("infra"), .. parts]);

    public static string Read(params ReadOnlySpan<string> parts) => File.ReadAllText(At(parts));
}
