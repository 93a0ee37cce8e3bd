using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>A row, from a table of its own, that a text names.</summary>
/// <param name="At">Start of the name in the text.</param>
/// <param name="End">End of the name in the text (exclusive).</param>
/// <param name="IsShown">Whether an earlier call had read or written the row.</param>
internal readonly record struct SpokenRow(EntityRow Row, int At, int End, bool IsShown);

/// <summary>
/// Finds the rows that the agent's words name by key. Rows that the dialogue has shown are also found by the pack's <c>told_by</c>
/// fields.
/// </summary>
internal sealed class SpokenRows
{
    private const int ShortestName = 4;

    /// <summary>Minimum length of a key without digits, which has capital letters only: <c>HXDUBJ</c>.</summary>
    private const int ShortestCode = 6;

    private readonly Trace _trace;
    private readonly EntitySpec[] _roots;
    private readonly Dictionary<(int Message, int Start, int End), List<SpokenRow>> _named = [];
    private List<(EntitySpec Entity, string Key, int Message)>? _shown;

    public SpokenRows(Trace trace)
    {
        _trace = trace;
        var domain = trace.Pack.Domain;
        _roots = [.. domain.EntityOrder.Select(domain.Entity).Where(e => e.Parent is null && e.Name != domain.Who)];
    }

    /// <summary>The human's own row, known from the first call that names an owned row or identifies them; null before that.</summary>
    public EntityRow? Person(int message)
    {
        var who = _trace.Pack.Domain.Entity(_trace.Pack.Domain.Who);
        foreach (var call in _trace.Calls)
        {
            if (call.Message >= message)
                return null;
            if (call.Owners.Count > 0)
                return _trace.Pack.Rows.Find(_trace.StateBefore(message), who, call.Owners[0]);
            if (call.Succeeded && PackMeaning.Of(_trace.Pack).Identifies.Contains(call.Call.Name))
            {
                var key = call.Result.Value is JsonMap row ? row[who.Key] : call.Result.Value;
                if (key is JsonText && _trace.Pack.Rows.Find(_trace.StateBefore(message), who, key) is { } person)
                    return person;
            }
        }

        return null;
    }

    /// <summary>The rows that a part of a message names, in the order of the text; not to be changed.</summary>
    public List<SpokenRow> In(AgentText text, TextSentence sentence, int message)
    {
        if (!_named.TryGetValue((message, sentence.Start, sentence.End), out var found))
            _named.Add((message, sentence.Start, sentence.End), found = Find(text, sentence, message));
        return found;
    }

    private List<SpokenRow> Find(AgentText text, TextSentence sentence, int message)
    {
        var found = new List<SpokenRow>();
        var db = _trace.StateBefore(message);
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (ByKey(text, text.Words[i], db, message) is { } row)
                found.Add(row);
        }

        var said = text.Text.AsSpan(sentence.Start, sentence.End - sentence.Start);
        foreach (var (entity, key, first) in Shown)
        {
            if (first >= message)
                break;
            if (found.Exists(f => f.Row.Entity == entity && f.Row.Row.Key == key) || _trace.Pack.Rows.Find(db, entity, key) is not { } row)
                continue;
            foreach (var told in entity.ToldBy)
            {
                if (
                    entity.Field(told) is not { Type: "text" or "name" or "id" }
                    || row[told].Text is not { Length: >= ShortestName } name
                    || IndexOf(said, name) is not (>= 0 and var at)
                )
                    continue;
                found.Add(new(row, sentence.Start + at, sentence.Start + at + name.Length, true));
                break;
            }
        }

        found.Sort((a, b) => a.At.CompareTo(b.At));
        return found;
    }

    private SpokenRow? ByKey(AgentText text, TextWord word, Db db, int message)
    {
        var token = text[word];
        if (
            token.Length < ShortestName
            || !(token.ContainsAnyInRange('0', '9') || (token.Length >= ShortestCode && !token.ContainsAnyExceptInRange('A', 'Z')))
        )
            return null;
        var start = word.Start;
        var end = word.End;
        // A key may contain underscores: gift_card_8887175.
        while (end + 1 < text.Text.Length && text.Text[end] == '_' && char.IsLetterOrDigit(text.Text[end + 1]))
            end++;
        var signed = start > 0 && !char.IsWhiteSpace(text.Text[start - 1]) ? text.Text[(start - 1)..end] : null;
        foreach (var entity in _roots)
        {
            var table = db[entity.Table];
            var key = signed is not null && table.Find(signed) is not null ? signed : text.Text[start..end];
            if (table.Find(key) is { } row)
                return new(new(entity, row, null), key == signed ? start - 1 : start, end, IsShown(entity, key, message));
        }

        return null;
    }

    private bool IsShown(EntitySpec entity, string key, int message)
    {
        foreach (var shown in Shown)
        {
            if (shown.Message >= message)
                return false;
            if (shown.Entity == entity && shown.Key == key)
                return true;
        }

        return false;
    }

    private List<(EntitySpec Entity, string Key, int Message)> Shown => _shown ??= FindShown();

    private List<(EntitySpec Entity, string Key, int Message)> FindShown()
    {
        var shown = new List<(EntitySpec, string, int)>();
        var seen = new HashSet<(string, string)>();
        var meaning = PackMeaning.Of(_trace.Pack);
        foreach (var call in _trace.Calls)
        {
            if (!call.Succeeded || call.Tool is not { } tool)
                continue;
            foreach (var argument in meaning.Arguments(tool))
            {
                // A call that names a row and returns a row has shown it.
                if (
                    argument.Names is { Parent: null } named
                    && call.Result.Value is JsonMap
                    && call.Arguments![argument.Parameter.Name] is JsonText key
                    && seen.Add((named.Name, key.Value))
                )
                    shown.Add((named, key.Value, call.Message));
            }

            Collect(call.Result.Value, call.Message);
        }

        return shown;

        void Collect(Json within, int message)
        {
            if (within is JsonMap map)
            {
                foreach (var root in _roots)
                {
                    if (map.Count > 1 && map[root.Key] is JsonText key && IsRowOf(map, root) && seen.Add((root.Name, key.Value)))
                        shown.Add((root, key.Value, message));
                }
            }

            foreach (var inner in within is JsonMap rows ? rows.Values : within.Items)
            {
                if (inner is JsonMap or JsonList)
                    Collect(inner, message);
            }
        }
    }

    // A row that refers to this one holds its key and perhaps its name, but less than a third of its fields.
    private static bool IsRowOf(JsonMap map, EntitySpec entity)
    {
        var (all, held) = (0, 0);
        foreach (var path in entity.Fields.Keys)
        {
            if (path.AsSpan().ContainsAny('.', '['))
                continue;
            all++;
            if (!map[path].IsNull)
                held++;
        }

        return held > 1 && held * 3 >= all;
    }

    private static int IndexOf(ReadOnlySpan<char> text, string name)
    {
        for (var from = 0; from < text.Length; )
        {
            var at = text[from..].IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return -1;
            at += from;
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return at;
            from = at + 1;
        }

        return -1;
    }
}
