using System.Text;

namespace ConvoSynth.Domains.Packs;

/// <summary>
/// A pack's folder while it is read. The pack consists of the folder's own files, and of lists in subfolders once something names them.
/// Each file is read once, and <see cref="Sources"/> holds its content as read: everything that defines the pack.
/// </summary>
internal sealed class PackFolder
{
    private readonly string _folder;
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>A pack that is read again, from what it was read from before.</summary>
    public PackFolder(PackSources sources)
    {
        _folder = sources.Folder;
        foreach (var (path, content) in sources.Files)
            _files.Add(path, content);
    }

    public PackFolder(string folder)
    {
        _folder = folder;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (IsName(Path.GetFileName(file)))
                _files.Add(Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }

    /// <summary>All files read so far, ordered by path.</summary>
    public PackSources Sources => new(_folder, [.. _files.Select(f => (f.Key, f.Value))]);

    /// <summary>The policy's parameters, which <see cref="TextOf"/> fills in.</summary>
    public PackParameters Parameters { get; set; } = PackParameters.None;

    /// <summary>
    /// A file's text by its path within the folder, with <c>/</c> between names; null if the pack has no such file. Files outside the
    /// folder are never read.
    /// </summary>
    public string? TextOf(string path)
    {
        if (!_files.TryGetValue(path, out var content))
        {
            if (!path.Split('/').All(IsName) || Path.IsPathRooted(path) || !File.Exists(Path.Combine(_folder, path)))
                return null;
            _files.Add(path, content = File.ReadAllBytes(Path.Combine(_folder, path)));
        }

        var text = PackSources.TextOf(content);
        return TakesParameters(path) ? ParameterText.Fill(text, Parameters) : text;
    }

    /// <summary>Whether a file may hold parameters: the policy and YAML files do, but for the pack's own tests.</summary>
    public static bool TakesParameters(string path) =>
        path == "policy.md" || (path.EndsWith(".yaml", StringComparison.Ordinal) && path != "cases.yaml");

    /// <summary>A required file, parsed; null, with an error reported, if it is missing or not YAML.</summary>
    public YamlPart? Yaml(string path, List<PackDiagnostic> faults)
    {
        if (TextOf(path) is { } text)
            return YamlPart.Parse(path, text, faults);
        faults.Add(new(path, 0, "the file is missing"));
        return null;
    }

    private static bool IsName(string name) => name.Length > 0 && name[0] != '.' && !name.Contains('\\', StringComparison.Ordinal);
}

/// <summary>The files that a pack was read from, by their paths within its folder.</summary>
public sealed record PackSources(string Folder, IReadOnlyList<(string Path, byte[] Content)> Files)
{
    /// <summary>A file's text; null if the pack was not read from such a file.</summary>
    public string? TextOf(string path) => Files.FirstOrDefault(f => f.Path == path).Content is { } content ? TextOf(content) : null;

    // Some editors begin a file with a byte order mark, which does not belong to its text. The mark tells UTF-16 from UTF-8.
    internal static string TextOf(ReadOnlySpan<byte> content) =>
        (
            content switch
            {
                [0xFF, 0xFE, .. var little] => Encoding.Unicode.GetString(little),
                [0xFE, 0xFF, .. var big] => Encoding.BigEndianUnicode.GetString(big),
                _ => Encoding.UTF8.GetString(Unmarked(content)),
            }
        ).ReplaceLineEndings("\n");

    /// <summary>
    /// The content that is hashed: without a byte order mark, and with line feeds whatever the system that saved it. Binary files are
    /// hashed unchanged.
    /// </summary>
    internal static byte[] Normalised(byte[] content)
    {
        if (content.AsSpan().Contains((byte)0))
            return content;
        var (text, at) = (Unmarked(content).ToArray(), 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r')
                text[at++] = text[i];
            else if (i + 1 == text.Length || text[i + 1] != '\n')
                text[at++] = (byte)'\n';
        }

        return text[..at];
    }

    private static ReadOnlySpan<byte> Unmarked(ReadOnlySpan<byte> content) =>
        content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
}
