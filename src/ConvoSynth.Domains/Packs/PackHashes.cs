using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Domains.Packs;

/// <summary>The hashes that tell packs and databases apart.</summary>
internal static class PackHashes
{
    /// <summary>Over the pack's files and its tables.</summary>
    /// <param name="counted">The content of a file that is hashed.</param>
    public static string Of(PackSources sources, Database @base, Func<byte[], byte[]> counted)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, file) in sources.Files)
        {
            var content = counted(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Ended(hash, @base);
    }

    /// <summary>Over the parameters and tables of a world.</summary>
    public static string Of(PackParameters parameters, Database @base)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in parameters.All)
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{value}\n"));
        return Ended(hash, @base);
    }

    private static string Ended(IncrementalHash hash, Database @base)
    {
        foreach (var table in @base.Tables)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{table.Name}\0"));
            foreach (var row in table.Rows)
                hash.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\0{row.Values}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
