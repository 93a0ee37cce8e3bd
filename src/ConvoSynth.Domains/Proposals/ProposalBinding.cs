using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// Turns the calls and answers of a proposal into goals over rows, as the sampler has them: then plan, facts and end states come from
/// executing them, and the program needs no plan of the model.
/// </summary>
internal sealed class ProposalBinding(Pack pack, EntityRow owner, Db after)
{
    public const string Intent = "proposed";

    private readonly Dictionary<string, EntityRow> _slots = new(StringComparer.Ordinal);
    private readonly List<SlotSpec> _specs = [];
    private readonly Dictionary<(GoalSpec, string), Json> _drawn = new(Binding.ByGoal);

    public Binding Of(Proposal proposal, IEnumerable<ReadCall> writes)
    {
        List<GoalSpec> goals = [.. writes.Select(Goal), .. proposal.Outputs.Select(Question)];
        var intent = new IntentSpec
        {
            Id = Intent,
            Reasons = [proposal.Reason],
            Slots = _specs,
            Goals = goals,
        };
        return new()
        {
            Cell = new(intent, null, null, null, Cell.ShapeOf(intent, refused: false)),
            Owner = owner,
            Slots = _slots,
            Entries = new Dictionary<string, JsonMap>(StringComparer.Ordinal),
            Ties = new Dictionary<string, IReadOnlyList<EntityRow>>(StringComparer.Ordinal),
            Drawn = _drawn,
        };
    }

    private DoGoal Goal(ReadCall call)
    {
        var with = new List<(ToolParameter, ArgumentSpec)>();
        var open = new List<(string Name, Json Value)>();
        foreach (var parameter in call.Tool.Parameters)
        {
            if (!call.Arguments.TryGet(parameter.Name, out var value))
                continue;
            var spec = Argument(parameter, value);
            if (spec is AnyValue)
                open.Add((parameter.Name, value));
            with.Add((parameter, spec));
        }

        var goal = new DoGoal(call.Tool, with, null, null, 0);
        foreach (var (name, value) in open)
            _drawn[(goal, name)] = value;
        return goal;
    }

    private ArgumentSpec Argument(ToolParameter parameter, Json value)
    {
        if (pack.Domain.EntityOfKey(parameter.Is) is { } entity)
        {
            if (value is not JsonList list)
                return (ArgumentSpec?)RowOf(entity, value) ?? new AnyValue();
            var items = new List<ArgumentSpec>();
            foreach (var key in list.Items)
                items.Add(RowOf(entity, key) ?? new ValueOf(new Constant(key)));
            return new ListOf(items);
        }

        if (parameter.Parts.Count == 0)
            return new AnyValue();
        if (value is JsonMap record)
            return RecordOf(parameter, record);
        var records = new List<ArgumentSpec>();
        foreach (var item in value.Items)
            records.Add(item is JsonMap map ? RecordOf(parameter, map) : new ValueOf(new Constant(item)));
        return new ListOf(records);
    }

    private RecordOf RecordOf(ToolParameter parameter, JsonMap record)
    {
        var parts = new List<(string, ArgumentSpec)>();
        foreach (var name in record.Keys)
        {
            var row = pack.Domain.EntityOfKey(parameter.Parts.GetValueOrDefault(name)) is { } entity ? RowOf(entity, record[name]) : null;
            parts.Add((name, row ?? new ValueOf(new Constant(record[name]))));
        }

        return new(parts);
    }

    private ValueOf? RowOf(EntitySpec entity, Json key)
    {
        if (entity.Name == owner.Entity.Name && key == owner.Key)
            return new(new NamePath("owner", null));
        var row = entity.Parent is null
            ? pack.Rows.Find(pack.BaseView, entity, key)
            : NamedRows.Within(pack, entity, key, _slots.Values.Append(owner));
        return row is null ? null : new(new NamePath(Slot(row), null));
    }

    private TellGoal Question(ProposedAnswer answer)
    {
        var (entity, field) = pack.Domain.Find(answer.Field)!.Value;
        // Braces are places of a template.
        var words = answer.Question.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        var row = NamedRows.Find(pack, pack.BaseView, entity, answer.Row) ?? NamedRows.Find(pack, after, entity, answer.Row);
        var head = entity.Name == owner.Entity.Name ? "owner" : Slot(row!);
        return new(new NamePath(head, field.Path), field.Type, words, AtEnd: true, 0);
    }

    private string Slot(EntityRow row)
    {
        foreach (var (name, held) in _slots)
        {
            if (held.IsSame(row))
                return name;
        }

        var slot = $"r{_slots.Count + 1}";
        _slots[slot] = row;
        _specs.Add(new() { Name = slot, Entity = row.Entity });
        return slot;
    }
}
