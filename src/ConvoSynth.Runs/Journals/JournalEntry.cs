using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Runs.Journals;

/// <summary>A model's answer as the journal stores it.</summary>
/// <param name="Key">Identifies the call; one line.</param>
/// <param name="RequestHash">Hash of the request; one line.</param>
/// <param name="Text">The answer; any text.</param>
public sealed record JournalEntry(string Key, string RequestHash, string Text)
{
    /// <summary>The maximum size of an answer in bytes; larger ones are refused. Real answers are far smaller.</summary>
    public const int MaxBytes = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal UInt128 Id => IdOf(Key, RequestHash);

    internal static UInt128 IdOf(string key, string requestHash) => IdOf(Strict.GetBytes($"{key}\n{requestHash}"));

    // Half of a SHA-256 is enough: a chance collision needs about 2^64 answers.
    internal static UInt128 IdOf(ReadOnlySpan<byte> keyAndHash)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(keyAndHash, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <exception cref="ShardException"><see cref="ShardError.BadRow"/>: the entry cannot be stored as it is.</exception>
    internal byte[] ToBytes()
    {
        if (Key.Contains('\n') || RequestHash.Contains('\n'))
            throw new ShardException(ShardError.BadRow, $"the journal key \"{Key}\" has more than one line.");
        try
        {
            var bytes = Strict.GetBytes($"{Key}\n{RequestHash}\n{Text}");
            return bytes.Length <= MaxBytes
                ? bytes
                : throw new ShardException(
                    ShardError.BadRow,
                    $"the answer to {Key} has {bytes.Length} bytes: the journal keeps up to {MaxBytes}."
                );
        }
        catch (EncoderFallbackException e)
        {
            throw new ShardException(ShardError.BadRow, $"the answer to {Key} is no text: it has half a surrogate pair at {e.Index}.", e);
        }
    }

    internal static JournalEntry Of(ReadOnlySpan<byte> bytes)
    {
        var head = HeadBytes(bytes);
        var key = head.IndexOf((byte)'\n');
        return new(Strict.GetString(head[..key]), Strict.GetString(head[(key + 1)..]), Strict.GetString(bytes[(head.Length + 1)..]));
    }

    internal static void ReadHead(ReadOnlySpan<byte> bytes, Action<string, string> read)
    {
        var head = HeadBytes(bytes);
        var key = head.IndexOf((byte)'\n');
        read(Strict.GetString(head[..key]), Strict.GetString(head[(key + 1)..]));
    }

    /// <summary>Key and request hash, with the line break between them.</summary>
    internal static ReadOnlySpan<byte> HeadBytes(ReadOnlySpan<byte> bytes)
    {
        var key = bytes.IndexOf((byte)'\n');
        return bytes[..(key + 1 + bytes[(key + 1)..].IndexOf((byte)'\n'))];
    }
}
