using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using YamlDotNet.RepresentationModel;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Caches the results of probing a pack's cells. A probe runs tools and formulas thousands of times, and its result depends only on the
/// pack and on the sampling code, which <paramref name="code"/> identifies. A file is 32 bytes of SHA-256 over its key and the rest.
/// The rest is a JSON array with null or a reason for each cell.
/// </summary>
internal sealed class ProbeRecords(KeptFiles files, string code)
{
    /// <summary>The records of this program, stored beside the compiled packs.</summary>
    public static ProbeRecords Shared { get; } =
        new(
            KeptFiles.Shared,
            string.Join(
                '\n',
                typeof(ProbeRecords).Module.ModuleVersionId,
                typeof(Json).Module.ModuleVersionId,
                typeof(YamlStream).Module.ModuleVersionId,
                Environment.Version,
                RuntimeInformation.ProcessArchitecture
            )
        );

    /// <summary>
    /// The cached result: for each cell null, or why it cannot be produced. Null as a whole if no valid record exists.
    /// </summary>
    public string?[]? Read(Pack pack, int cells)
    {
        var key = KeyOf(pack);
        if (files.Read(NameOf(key)) is not { Length: > SHA256.HashSizeInBytes } content)
            return null;
        var reasons = content.AsSpan(SHA256.HashSizeInBytes);
        if (!content.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(Sum(key, reasons)))
            return null;
        var read = ReasonsIn(reasons);
        return read?.Length == cells ? read : null;
    }

    public void Keep(Pack pack, IReadOnlyList<string?> reasons)
    {
        var key = KeyOf(pack);
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            foreach (var reason in reasons)
                writer.WriteStringValue(reason);
            writer.WriteEndArray();
        }

        files.Keep(NameOf(key), [.. Sum(key, text.WrittenSpan), .. text.WrittenSpan]);
    }

    private static string NameOf(byte[] key) => Convert.ToHexStringLower(key) + ".probe";

    private static string?[]? ReasonsIn(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return null;
        var reasons = new List<string?>();
        while (reader.Read() && reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            reasons.Add(reader.GetString());
        return reader.TokenType == JsonTokenType.EndArray ? [.. reasons] : null;
    }

    private static byte[] Sum(byte[] key, ReadOnlySpan<byte> text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(text);
        return hash.GetHashAndReset();
    }

    // The pack's hash covers its sources, the clock among them, and its tables. The entries of list files are added, so that the key
    // holds them whichever files the hash covers.
    private byte[] KeyOf(Pack pack)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{code}\n{pack.Hash}\n"));
        foreach (var intent in pack.Intents)
        {
            foreach (var slot in intent.Slots.Where(s => s.Entity is null))
            {
                foreach (var entry in slot.Entries)
                    hash.AppendData(Encoding.UTF8.GetBytes($"{entry}\n"));
                hash.AppendData("\n"u8);
            }
        }

        return hash.GetHashAndReset();
    }
}
