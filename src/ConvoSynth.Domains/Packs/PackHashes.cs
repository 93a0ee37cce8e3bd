using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Domains.Packs;

/// <summary>The hashes that tell packs and databases apart.</summary>
internal static class PackHashes
{
    /// <summary>Over the pack's files and its tables; and the same without the file that only amends clauses.</summary>
    /// <param name="counted">The content of a file that is hashed.</param>
    public static (string Pack, string Tasks) Of(PackSources sources, Database @base, Func<byte[], byte[]> counted)
    {
        using var pack = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var tasks = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, file) in sources.Files)
        {
            Append(pack, path, counted(file));
            if (path != PackAmendments.File)
                Append(tasks, path, counted(file));
        }

        var isAmended = sources.Files.Any(f => f.Path == PackAmendments.File);
        foreach (var bytes in Tables(@base))
        {
            pack.AppendData(bytes);
            if (isAmended)
                tasks.AppendData(bytes);
        }

        var hash = Convert.ToHexStringLower(pack.GetHashAndReset());
        return (hash, isAmended ? Convert.ToHexStringLower(tasks.GetHashAndReset()) : hash);
    }

    /// <summary>Over the parameters and tables of a world.</summary>
    public static string Of(PackParameters parameters, Database @base)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in parameters.All)
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{value}\n"));
        foreach (var bytes in Tables(@base))
            hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string path, byte[] content)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
        hash.AppendData(content);
    }

    private static IEnumerable<byte[]> Tables(Database @base)
    {
        foreach (var table in @base.Tables)
        {
            yield return Encoding.UTF8.GetBytes($"\0{table.Name}\0");
            foreach (var row in table.Rows)
                yield return Encoding.UTF8.GetBytes($"{row.Key}\0{row.Values}\n");
        }
    }
}
