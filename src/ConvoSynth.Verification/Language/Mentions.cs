using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// The ways in which people refer to a write. They name its target rows by key or by the pack's <c>told_by</c> fields, or a value that is
/// hardly said by accident. Counts, flags and choices are excluded, since the same word may refer to something else. The human's own row
/// is excluded too, since a greeting would refer to it.
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

    /// <summary>Whether any way to refer to the write is known.</summary>
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

    // "items[].name": the names of all items.
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

    // The parts of a record that are hardly said by accident: ids, dates and amounts. A greeting may contain names of people.
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

    // Returns the row if it is a target: a written row, the row that holds it, or the row that a new row refers to.
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
