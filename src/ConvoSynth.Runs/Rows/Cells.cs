using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ConvoSynth.Runs.Rows;

/// <summary>How a value of a row is stored as bytes in the file.</summary>
internal interface ICell<T>
{
    static abstract ColumnType Type { get; }

    static abstract bool IsNull(T value);

    static abstract long Bytes(T value);

    /// <summary>What is wrong with the value, as the end of a sentence; null if nothing is.</summary>
    static abstract string? Problem(T value, bool parse);

    static abstract ReadOnlyMemory<byte> Store(T value, Utf8Arena arena);

    /// <returns>False if the bytes are no such value.</returns>
    static abstract bool TryParse(ReadOnlyMemory<byte> bytes, out T value);

    /// <summary>What a stored value must be, as the end of a sentence.</summary>
    static abstract string Expected { get; }
}

/// <summary>Text as UTF-8.</summary>
internal sealed class TextCell : ICell<string>
{
    public static ColumnType Type => ColumnType.Text;

    public static string Expected => "text in UTF-8";

    public static bool IsNull(string value) => value is null;

    public static long Bytes(string value) => value.Length > ShardRow.MaxBytes ? value.Length : Encoding.UTF8.GetByteCount(value);

    public static string? Problem(string value, bool parse) =>
        IsWhole(value) ? null : "has half of a surrogate pair, which UTF-8 cannot hold";

    public static ReadOnlyMemory<byte> Store(string value, Utf8Arena arena) => arena.Store(value);

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out string value)
    {
        var valid = Utf8.IsValid(bytes.Span);
        value = valid ? Encoding.UTF8.GetString(bytes.Span) : "";
        return valid;
    }

    private static bool IsWhole(string text)
    {
        for (var rest = text.AsSpan(); ; )
        {
            var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
                return true;
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
            rest = rest[(at + 2)..];
        }
    }
}

/// <summary>A JSON document in UTF-8, stored as given; an empty one stands for null.</summary>
internal sealed class JsonCell : ICell<ReadOnlyMemory<byte>>
{
    private const int MaxDepth = 512;

    public static ColumnType Type => ColumnType.Json;

    public static string Expected => "a JSON document in UTF-8";

    public static bool IsNull(ReadOnlyMemory<byte> value) => value.IsEmpty;

    public static long Bytes(ReadOnlyMemory<byte> value) => value.Length;

    public static string? Problem(ReadOnlyMemory<byte> value, bool parse) =>
        !parse || IsDocument(value.Span, wholePairs: true) ? null : "is not a JSON document in UTF-8";

    public static ReadOnlyMemory<byte> Store(ReadOnlyMemory<byte> value, Utf8Arena arena) => arena.Store(value.Span);

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> value)
    {
        value = bytes;
        return IsDocument(bytes.Span, wholePairs: false);
    }

    // DuckDB refuses a whole file over one cell that is not JSON, or that escapes half a surrogate pair, so such cells are never
    // written. Earlier versions wrote such escapes, and their shards must stay readable.
    private static bool IsDocument(ReadOnlySpan<byte> cell, bool wholePairs)
    {
        if (!Utf8.IsValid(cell))
            return false;
        var reader = new Utf8JsonReader(cell, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (
                    wholePairs
                    && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && reader.ValueIsEscaped
                    && reader.ValueSpan.IndexOf("\\u"u8) >= 0
                )
                    _ = reader.GetString();
            }

            return reader.TokenType != JsonTokenType.None && reader.BytesConsumed == cell.Length;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
