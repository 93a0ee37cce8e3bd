using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ConvoSynth.Core;

/// <summary>Why a text is not acceptable JSON. <see cref="Offset"/> is in UTF-8 bytes from its start.</summary>
public sealed record JsonError(string Kind, string Message, long Offset);

/// <summary>
/// A strict parser. It rejects what two parsers could interpret differently: duplicate keys, lone surrogates, integers that a double
/// cannot hold. So a tool call has one meaning only.
/// </summary>
internal static class JsonReading
{
    private const int MaxDepth = 64;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryRead(string text, out Json value, out JsonError? fault)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StrictUtf8.GetMaxByteCount(text.Length));
        try
        {
            var length = StrictUtf8.GetBytes(text, buffer);
            return TryRead(buffer.AsSpan(0, length), out value, out fault);
        }
        catch (EncoderFallbackException e)
        {
            value = Json.Null;
            fault = new("lone-surrogate", $"half of a surrogate pair at character {e.Index}", e.Index);
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> utf8, out Json value, out JsonError? fault)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        value = Json.Null;
        fault = null;
        try
        {
            reader.Read();
            value = Read(ref reader);
            if (!reader.Read())
                return true;
            fault = new("syntax", $"more text after the value at byte {reader.TokenStartIndex}", reader.TokenStartIndex);
        }
        catch (JsonException e)
        {
            fault = new(
                "syntax",
                $"not JSON at byte {reader.TokenStartIndex}: {e.Message.Split(" LineNumber:")[0]}",
                reader.TokenStartIndex
            );
        }
        catch (JsonErrorException e)
        {
            fault = new(e.Kind, e.Message, reader.TokenStartIndex);
        }

        value = Json.Null;
        return false;
    }

    internal static Json Read(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => Json.Null,
            JsonTokenType.True => JsonBoolean.True,
            JsonTokenType.False => JsonBoolean.False,
            JsonTokenType.Number => ReadNumber(ref reader),
            JsonTokenType.String => new JsonText(ReadText(ref reader)),
            JsonTokenType.StartArray => ReadList(ref reader),
            JsonTokenType.StartObject => ReadMap(ref reader),
            _ => throw new JsonErrorException("syntax", $"unexpected {reader.TokenType} at byte {reader.TokenStartIndex}"),
        };

    private static JsonNumber ReadNumber(ref Utf8JsonReader reader)
    {
        // The span of a token that crosses two buffer segments is empty.
        var spelled = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        var isInteger = !spelled.ContainsAny((byte)'.', (byte)'e', (byte)'E');
        var value = reader.GetDouble();
        // Checked before the conversion: 2^53 + 1 becomes 2^53 in a double.
        var exact =
            !isInteger
            || (
                reader.TryGetInt64(out var whole)
                && whole is <= (long)JsonNumber.LargestExactInteger and >= -(long)JsonNumber.LargestExactInteger
            );
        if (!double.IsFinite(value) || !exact)
            throw new JsonErrorException("number-range", $"a number beyond 2^53 at byte {reader.TokenStartIndex}");
        return new(value, isInteger);
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonErrorException(
                "lone-surrogate",
                $"half of a surrogate pair or broken UTF-8 in the text at byte {reader.TokenStartIndex}"
            );
        }
    }

    private static JsonList ReadList(ref Utf8JsonReader reader)
    {
        List<Json>? items = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            (items ??= []).Add(Read(ref reader));
        return items is null ? JsonList.Empty : new([.. items]);
    }

    private static JsonMap ReadMap(ref Utf8JsonReader reader)
    {
        List<string>? keys = null;
        List<Json>? values = null;
        HashSet<string>? seen = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = Keys.Intern(ReadText(ref reader));
            keys ??= [];
            if (keys.Count < 12 ? keys.Contains(key) : !(seen ??= new(keys, StringComparer.Ordinal)).Add(key))
                throw new JsonErrorException(
                    "duplicate-key",
                    $"the key \"{key}\" occurs twice in one object, at byte {reader.TokenStartIndex}"
                );
            keys.Add(key);
            reader.Read();
            (values ??= []).Add(Read(ref reader));
        }

        return keys is null ? JsonMap.Empty : new([.. keys], [.. values!]);
    }

    /// <summary>Interns short keys, which recur in every row of a table: look-ups then compare references.</summary>
    private static class Keys
    {
        private const int Size = 1024;
        private static readonly string?[] Slots = new string?[Size];

        public static string Intern(string key)
        {
            if (key.Length > 24)
                return key;
            ref var slot = ref Slots[(uint)key.GetHashCode(StringComparison.Ordinal) % Size];
            var held = slot;
            if (held is not null && string.Equals(held, key, StringComparison.Ordinal))
                return held;
            slot = key;
            return key;
        }
    }

    private sealed class JsonErrorException(string kind, string message) : Exception(message)
    {
        public string Kind { get; } = kind;
    }
}
