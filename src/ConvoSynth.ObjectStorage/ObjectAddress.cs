using ConvoSynth.Runs;

namespace ConvoSynth.ObjectStorage;

/// <summary>
/// The address of a folder in an object store: <c>az://ACCOUNT/CONTAINER/PATH</c> or <c>s3://BUCKET/PATH</c>. The root is the part
/// before the path.
/// </summary>
internal sealed record ObjectAddress(string Scheme, string Root, string[] Names)
{
    public const string Azure = "az";
    public const string S3 = "s3";

    private const string Mark = "://";

    public static bool Is(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <exception cref="RunException">It is none.</exception>
    public static ObjectAddress Of(string text)
    {
        var scheme = text[..text.IndexOf(Mark, StringComparison.Ordinal)];
        var count = scheme switch
        {
            Azure => 2,
            S3 => 1,
            _ => throw new RunException($"{text} is no address that runs can be kept at; give a folder, {Forms}"),
        };
        var parts = text[(scheme.Length + Mark.Length)..].TrimEnd('/').Split('/');
        if (parts.Length < count || parts.Any(p => p is "" or "." or ".."))
            throw new RunException($"{text} is not a whole address; the form is {Forms}");
        return new(scheme, scheme + Mark + string.Join('/', parts[..count]), parts[..count]);
    }

    /// <summary>The key of a path, which begins with the root; empty for the root itself.</summary>
    public string KeyOf(string path)
    {
        var forward = path.Replace('\\', '/').TrimEnd('/');
        if (forward == Root)
            return "";
        return forward.StartsWith(Root + '/', StringComparison.Ordinal)
            ? forward[(Root.Length + 1)..]
            : throw new ArgumentException($"'{path}' is not in {Root}.", nameof(path));
    }

    /// <summary>What the keys of everything in a folder begin with.</summary>
    public string PrefixOf(string folder) => KeyOf(folder) is { Length: > 0 } key ? key + '/' : "";

    private static string Forms => $"{Azure}{Mark}ACCOUNT/CONTAINER/PATH or {S3}{Mark}BUCKET/PATH";
}
