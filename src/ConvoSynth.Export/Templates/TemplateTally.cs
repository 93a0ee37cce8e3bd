using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Templates;

/// <summary>Counts what one template makes of rows.</summary>
internal sealed class TemplateTally(ChatTemplate template)
{
    private readonly IReadOnlyList<string> _tokens = RowCheck.TokensOf(template.File);
    private readonly Dictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly List<FoundDamage> _examples = [];
    private long _rows;
    private long _whole;

    public ChatTemplate Template => template;

    public TemplateResult Result => new(template.File.Path, _rows, _whole, _kinds, _examples);

    public void Take(string file, int number, JsonElement record, bool parsed)
    {
        _rows++;
        var damage = Of(JsonNode.Parse(record.GetRawText()), parsed);
        if (damage.Count == 0)
            _whole++;
        foreach (var found in damage)
        {
            if ((_kinds[found.Kind] = _kinds.GetValueOrDefault(found.Kind) + 1) == 1)
                _examples.Add(new(found.Kind, file, number, found.Field, found.What));
        }
    }

    private List<Damage> Of(JsonNode? record, bool parsed)
    {
        var found = new List<Damage>();
        try
        {
            var row = TrainingRow.Of(record, parsed);
            found.AddRange(RowCheck.Of(row));
            found.AddRange(RowCheck.Tokens(row, _tokens));
            found.AddRange(TextCheck.Of(row, template.File, template.Render(row.Messages, row.Tools).Text));
        }
        catch (FormatException e)
        {
            found.Add(new(DamageKinds.NoRow, "", e.Message));
        }
        catch (TemplateException e)
        {
            found.Add(new(DamageKinds.Refused, "", e.Message));
        }

        return found;
    }
}
