using System.Reflection;

namespace ConvoSynth.Review.Http;

/// <summary>Styles and scripts, as the assembly has them.</summary>
internal static class PageFiles
{
    public static byte[] Style { get; } = Read("review.css");

    public static byte[] Script { get; } = Read("review.js");

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
