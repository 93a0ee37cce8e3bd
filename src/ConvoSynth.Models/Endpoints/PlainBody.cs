using System.IO.Compression;
using System.Text;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Removes what some gateways put around a response's JSON: gzip that no request asked for, a byte order mark, UTF-16, and comment lines
/// that keep a connection open.
/// </summary>
internal static class PlainBody
{
    private const int MaxUnpacked = 64 << 20;

    /// <summary>The plain body as UTF-8; the same memory if there is nothing to remove.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> body)
    {
        if (body.Span is [0x1F, 0x8B, ..])
            body = Unpacked(body);
        if (body.Span is [0xFF, 0xFE, ..])
            body = Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(body.Span[2..]));
        else if (body.Span is [0xFE, 0xFF, ..])
            body = Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(body.Span[2..]));
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        while (body.Span.TrimStart(" \t\r\n"u8) is [(byte)':', ..] comment)
            body = comment.IndexOf((byte)'\n') is >= 0 and var end ? body[(body.Length - comment.Length + end + 1)..] : default;
        return body;
    }

    /// <summary>Whether it is a stream of server-sent events.</summary>
    public static bool IsStream(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart(" \t\r\n"u8);
        return start.StartsWith("data:"u8) || start.StartsWith("event:"u8);
    }

    // A body that does not unpack, or unpacks to more than the limit, stays packed; the JSON parser then refuses it.
    private static ReadOnlyMemory<byte> Unpacked(ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var from = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            using var to = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = from.Read(buffer)) > 0; )
            {
                to.Write(buffer, 0, read);
                if (to.Length > MaxUnpacked)
                    return packed;
            }

            return to.ToArray();
        }
        catch (InvalidDataException)
        {
            return packed;
        }
    }
}
