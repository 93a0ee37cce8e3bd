using ConvoSynth.Core;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What the agent knows at a point of a plan: what the human has told it, and what the reads so far have shown.</summary>
internal sealed class AgentKnowledge
{
    private readonly List<Json> _told = [];
    private readonly List<(ToolSpec Tool, JsonMap Asked, Json Shown)> _seen = [];
    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);

    // Known values stay known. Only a value not found yet is searched again, and only in what was added since.
    private readonly Dictionary<string, (bool Found, int Told, int Seen)> _looked = new(StringComparer.Ordinal);

    /// <summary>Notes a value that the human states.</summary>
    public void Told(Json value) => _told.Add(value);

    /// <summary>Notes what a call has shown.</summary>
    public void Saw(ToolSpec tool, JsonMap asked, Json shown) => _seen.Add((tool, asked, shown));

    /// <summary>Notes a row that a read leaves out although it is there: the agent knows it by its absence.</summary>
    public void Missed(EntityRow row) => _missed.Add(row.Identity);

    public bool Knows(Json value) =>
        value switch
        {
            JsonList list => list.Items.All(Knows),
            JsonMap map => map.Values.All(Knows),
            _ => Occurs(Token(value)),
        };

    // The key of a nested row (a date, a line's item) may be ambiguous elsewhere, so the same read must show the row that contains it.
    // If a row does not hold its own key, the key in the call's arguments counts.
    public bool IsRevealed(EntityRow row)
    {
        if (_missed.Contains(row.Identity))
            return true;
        foreach (var (tool, asked, shown) in _seen)
        {
            if (Reveals(tool, row.Entity.Name) && Shows(row, asked, shown))
                return true;
        }

        return false;
    }

    /// <summary>Whether a call that asks and shows this shows the row: its key, and those of the rows that hold it.</summary>
    public static bool Shows(EntityRow row, JsonMap asked, Json shown)
    {
        for (var at = row; at is not null; at = at.Parent)
        {
            var key = Token(at.Key);
            if (!Holds(shown, key) && !Holds(asked, key))
                return false;
        }

        return true;
    }

    /// <summary>Whether an observation shows the scalar value.</summary>
    public static bool Shows(Json value, Json shown) => Holds(shown, Token(value));

    /// <summary>Whether the human has said the scalar value.</summary>
    public bool IsTold(Json value) => _told.Exists(t => Holds(t, Token(value)));

    public static bool Reveals(ToolSpec tool, string wanted)
    {
        for (var i = 0; i < tool.Reveals.Count; i++)
        {
            if (tool.Reveals[i] == wanted)
                return true;
        }

        return false;
    }

    // Few values are asked for and observations are large, so searching them is cheaper than indexing all their values.
    private bool Occurs(string token)
    {
        var (found, told, seen) = _looked.GetValueOrDefault(token);
        if (found || (told == _told.Count && seen == _seen.Count))
            return found;
        for (; told < _told.Count && !found; told++)
            found = Holds(_told[told], token);
        for (; seen < _seen.Count && !found; seen++)
            found = Holds(_seen[seen].Shown, token);
        _looked[token] = (found, told, seen);
        return found;
    }

    private static bool Holds(Json value, string token)
    {
        switch (value)
        {
            case JsonText text:
                return string.Equals(text.Value, token, StringComparison.OrdinalIgnoreCase);
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (string.Equals(map.Keys[i], token, StringComparison.OrdinalIgnoreCase) || Holds(map.Values[i], token))
                        return true;
                }

                return false;
            case JsonList list:
                foreach (var item in list.Span)
                {
                    if (Holds(item, token))
                        return true;
                }

                return false;
            case JsonNull:
                return false;
            default:
                return (token.Length > 0 && (char.IsAsciiDigit(token[0]) || token[0] is '-' or 't' or 'f'))
                    && string.Equals(value.ToCanonicalString(), token, StringComparison.Ordinal);
        }
    }

    private static string Token(Json value) => value.Text ?? value.ToCanonicalString();
}
