using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// The ways in which people can speak of a write: its target rows by key or by what the pack says they are told by, and its own values that
/// are hardly said by accident. Counts, flags and choices are none: the same word may be said of something else. Nor is the person whom
/// the dialogue is with: a greeting would speak of them.
/// </summary>
internal sealed class Mentions
{
    private const int ShortestText = 4;

    private readonly List<(string Type, Json Value)> _said = [];

    private Mentions() { }

    public static Mentions Of(Trace trace, TraceCall call)
    {
        var mentions = new Mentions();
        var pack = trace.Pack;
        var view = trace.View;
        EntityRow? holder = null;
        foreach (var meaning in PackMeaning.Of(pack).Arguments(call.Tool!))
        {
            var value = call.Arguments![meaning.Parameter.Name];
            foreach (var item in value is JsonList list ? list.Items : [value])
            {
                if (item is JsonMap record)
                    mentions.AddRecord(pack.Domain, meaning.Parameter, record);
                else if (meaning.Names is null)
                    mentions.AddValue(meaning, item);
                else if (mentions.AddRow(pack, view, call, meaning.Names, item, holder) is { } row)
                    holder = row;
            }
        }

        return mentions;
    }

    /// <summary>Whether there is any way to speak of the write that this can tell.</summary>
    public bool Any => _said.Count > 0;

    public bool In(string text)
    {
        foreach (var (type, value) in _said)
        {
            if (FieldValues.Says(text, type, value))
                return true;
        }

        return false;
    }

    // "items[].name": the name of any of the items.
    private void AddField(FieldSpec field, string path, Json from)
    {
        var list = path.IndexOf("[].", StringComparison.Ordinal);
        if (list >= 0)
        {
            foreach (var item in FieldPath.Read(from, path[..list]).Items)
                AddField(field, path[(list + 3)..], item);
        }
        else if (FieldPath.Read(from, path) is { IsNull: false } value)
        {
            _said.Add((field.Type, value));
        }
    }

    private void AddValue(ArgumentMeaning meaning, Json value)
    {
        var type = meaning.TypeOf(value);
        if (!meaning.Parameter.Schema["enum"].IsNull || !meaning.Parameter.Schema["items"]["enum"].IsNull)
            return;
        if (value is JsonText { Value.Length: >= ShortestText } && type is not ("enum" or "flag" or "count"))
            _said.Add((type, value));
        else if (value is JsonNumber && type == "money")
            _said.Add((type, value));
    }

    // Of a record what is hardly said by accident: ids, dates and amounts. Names of people may be said in a greeting.
    private void AddRecord(DomainSpec domain, ToolParameter parameter, JsonMap record)
    {
        foreach (var name in record.Keys)
        {
            if (
                parameter.Parts.GetValueOrDefault(name) is { } @is
                && domain.Find(@is) is { Field.Type: "id" or "ref" or "date" or "money" } named
                && !record[name].IsNull
            )
                _said.Add((named.Field.Type, record[name]));
        }
    }

    // The row if it is a target: written, or inside a written one, or what a new row is made for.
    private EntityRow? AddRow(Pack pack, Db view, TraceCall call, EntitySpec entity, Json key, EntityRow? holder)
    {
        var person = pack.Domain.Who;
        if (key is not (JsonText or JsonNumber) || entity.Name == person || entity.Parent == person)
            return null;
        var row = pack.Rows.Find(view, entity, key, holder);
        var root = row;
        while (root?.Parent is not null)
            root = root.Parent;
        if (!call.Writes.Any(w => w.Before is null || (w.Table == root?.Row.Table && w.Key == root.Row.Key)))
            return null;
        _said.Add(("id", EntityRows.Text(key)));
        if (row is null)
            return null;
        foreach (var told in entity.ToldBy)
        {
            if (entity.Field(told) is { Type: not ("enum" or "flag" or "count") } field)
                AddField(field, told, row.Row.Values);
        }

        return entity.Parent is null ? row : null;
    }
}
