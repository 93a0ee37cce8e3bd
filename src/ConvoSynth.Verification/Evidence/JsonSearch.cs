using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Evidence;

/// <summary>Finds values in observations without copying.</summary>
internal static class JsonSearch
{
    /// <summary>Whether a value shows an id: as a key, as a whole text or number, or as a word of a text.</summary>
    public static bool ShowsId(Json within, string id)
    {
        switch (within)
        {
            case JsonText text:
                return text.Value.Length == id.Length
                    ? string.Equals(text.Value, id, StringComparison.Ordinal)
                    : FieldValues.ContainsToken(text.Value, id);
            case JsonNumber number:
                return number.IsInteger && string.Equals(number.ToString(), id, StringComparison.Ordinal);
            case JsonList list:
                foreach (var item in list.Span)
                {
                    if (ShowsId(item, id))
                        return true;
                }

                return false;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (string.Equals(map.Keys[i], id, StringComparison.Ordinal) || ShowsId(map.Values[i], id))
                        return true;
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>Whether a scalar occurs in a value. Texts compare without case, and a text may be part of a longer one.</summary>
    public static bool Shows(Json within, Json scalar)
    {
        switch (within)
        {
            case JsonList list:
                foreach (var item in list.Span)
                {
                    if (Shows(item, scalar))
                        return true;
                }

                return false;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (Shows(map.Values[i], scalar))
                        return true;
                }

                return false;
            case JsonText text when scalar is JsonText wanted:
                return wanted.Value.Length > 0 && FieldValues.ContainsToken(text.Value, wanted.Value);
            default:
                return within == scalar;
        }
    }

    /// <summary>
    /// Appends every number in a value, including texts that are a number as a whole, until the list has <paramref name="most"/> items.
    /// </summary>
    public static void Numbers(Json within, List<double> numbers, int most)
    {
        if (numbers.Count >= most)
            return;
        switch (within)
        {
            case JsonNumber number:
                numbers.Add(number.Value);
                break;
            case JsonText text
                when text.Value.Length is > 0 and < 20 && double.TryParse(text.Value, out var value) && double.IsFinite(value):
                numbers.Add(value);
                break;
            case JsonList list:
                foreach (var item in list.Span)
                    Numbers(item, numbers, most);
                break;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                    Numbers(map.Values[i], numbers, most);
                break;
        }
    }
}
