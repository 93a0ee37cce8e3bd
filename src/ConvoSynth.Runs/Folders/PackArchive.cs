using System.Formats.Tar;

namespace ConvoSynth.Runs.Folders;

/// <summary>A file of a domain pack.</summary>
/// <param name="Path">Relative to the pack's folder, with forward slashes; at most 100 bytes of ASCII, or 255 with folders.</param>
public sealed record PackFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>
/// Stores a pack beside the rows that were made with it, as <c>packs/&lt;hash&gt;.tar</c>, so that a row can be verified years later.
/// The same files give the same bytes: entries are sorted by path, dated 1970, and have no owner.
/// </summary>
public static class PackArchive
{
    /// <summary>Writes the archive, unless the run already has it.</summary>
    /// <returns>Whether this call wrote it.</returns>
    public static bool Write(RunFolder run, string hash, IEnumerable<PackFile> files)
    {
        var name = $"{hash}.tar";
        if (run.Storage.Exists(RunFolder.Combine(run.Packs, name)))
            return false;
        run.WriteFile(run.Packs, name, stream => Write(stream, files));
        return true;
    }

    /// <exception cref="ArgumentException">A path is absolute, leaves the pack, or occurs twice.</exception>
    public static void Write(Stream output, IEnumerable<PackFile> files)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true);
        string? last = null;
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (file.Path == last || !IsPlain(file.Path))
                throw new ArgumentException(
                    $"'{file.Path}' cannot be a file of a pack: its path must be relative, plain and there once.",
                    nameof(files)
                );
            last = file.Path;
            using var content = new MemoryStream(file.Content.ToArray(), writable: false);
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    DataStream = content,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                }
            );
        }
    }

    /// <summary>The files of a pack, ordered by path.</summary>
    /// <exception cref="ShardException">The run does not have the pack, or the archive is damaged.</exception>
    public static IReadOnlyList<PackFile> Read(RunFolder run, string hash)
    {
        var path = RunFolder.Combine(run.Packs, $"{hash}.tar");
        using var stream = run.Storage.OpenRead(path);
        try
        {
            return Read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ShardException(ShardError.Corrupt, $"'{path}' is not a sound pack archive: {e.Message}", e);
        }
    }

    private static bool IsPlain(string path) => !path.Contains('\\') && !path.Split('/').Any(part => part is "" or "." or "..");

    private static List<PackFile> Read(Stream stream)
    {
        var files = new List<PackFile>();
        using var tar = new TarReader(stream, leaveOpen: true);
        while (tar.GetNextEntry() is { } entry)
        {
            // Callers write these files to disk, so no path may lead outside the folder.
            if (!IsPlain(entry.Name))
                throw new InvalidDataException($"'{entry.Name}' is no path inside a pack.");
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(new PackFile(entry.Name, content.ToArray()));
        }

        return files;
    }
}
