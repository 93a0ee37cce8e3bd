using System.Text.Json;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>Steps of a reader through a request's JSON, with an error that names what is wrong.</summary>
internal static class JsonSteps
{
    public static void RequireOne(ref Utf8JsonReader reader)
    {
        if (Whole(ref reader, "n", 1, int.MaxValue) is not (null or 1))
            throw RefusedException.Invalid("n must be 1: ask once for each choice", "n");
    }

    public static void RequireNull(ref Utf8JsonReader reader)
    {
        if (Next(ref reader).TokenType != JsonTokenType.Null)
            throw RefusedException.Invalid(
                "this endpoint keeps no responses: send the whole conversation as input",
                "previous_response_id"
            );
    }

    // Returns whether an object follows; skips any other value.
    public static bool BeginsObject(ref Utf8JsonReader reader)
    {
        if (Next(ref reader).TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    public static ref Utf8JsonReader Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return ref reader;
    }

    public static Slice Value(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new(start, (int)reader.BytesConsumed);
    }

    public static bool Flag(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        return reader.TokenType != JsonTokenType.Null && reader.GetBoolean();
    }

    public static int? Whole(ref Utf8JsonReader reader, string name, int from, int to)
    {
        if (Next(ref reader).TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= from && value <= to
            ? value
            : throw RefusedException.Invalid($"{name} must be a whole number from {from}{(to == int.MaxValue ? "" : $" to {to}")}", name);
    }

    // A value that is not a string does not match, and is skipped.
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (Next(ref reader).TokenType == JsonTokenType.String)
            return reader.ValueTextEquals(text);
        reader.Skip();
        return false;
    }

    public static bool Includes(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var found = false;
        if (Next(ref reader).TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                found |= reader.ValueTextEquals(text);
            else
                reader.Skip();
        }

        return found;
    }
}
