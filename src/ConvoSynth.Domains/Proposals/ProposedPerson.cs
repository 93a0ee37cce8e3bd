using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>Whose task a proposal is: the one person to whom all its owned rows belong.</summary>
internal sealed class ProposedPerson(Pack pack)
{
    /// <summary>The person; null, with a fault, if the rows belong to several or to none.</summary>
    public EntityRow? Of(Proposal proposal, IReadOnlyList<ReadCall> calls, List<ProposalFault> faults)
    {
        var owners = new List<EntityRow>();
        foreach (var row in NamedRows.Found(pack, calls))
            Add(owners, row);

        foreach (var answer in proposal.Outputs)
        {
            if (pack.Domain.Find(answer.Field) is { } named)
                Add(owners, NamedRows.Find(pack, pack.BaseView, named.Entity, answer.Row));
        }

        if (owners.Count == 1)
            return owners[0];
        faults.Add(
            new(
                ProposalFaults.Owner,
                owners.Count == 0
                    ? "no call and no answer concerns a row of a person, so that it is no person's task"
                    : $"the rows belong to several people ({string.Join(", ", owners.Select(o => EntityRows.Text(o.Key)))}); a task has one"
            )
        );
        return null;
    }

    /// <summary>A word of a text that identifies another person or a row of theirs; null if there is none.</summary>
    public string? OtherIn(string text, EntityRow person)
    {
        foreach (var word in Words(text))
        {
            foreach (var name in pack.Domain.EntityOrder)
            {
                var entity = pack.Domain.Entity(name);
                if (
                    pack.Rows.IsOwned(entity)
                    && entity.Parent is null
                    && NamedRows.Find(pack, pack.BaseView, entity, word) is { } row
                    && pack.Rows.Owner(pack.BaseView, row) is { } owner
                    && !owner.IsSame(person)
                )
                    return word;
            }
        }

        return null;
    }

    private void Add(List<EntityRow> owners, EntityRow? row)
    {
        if (row is not null && pack.Rows.Owner(pack.BaseView, row) is { } owner && !owners.Exists(o => o.IsSame(owner)))
            owners.Add(owner);
    }

    // Keys have a digit; a plain number may be the key of a row by accident.
    private static IEnumerable<string> Words(string text) =>
        text.Split([' ', '\n', '\t', ',', ';', ':', '"', '(', ')', '?', '!'], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.Trim('.', '\''))
            .Where(w => w.Length > 3 && w.Any(char.IsDigit) && !w.All(char.IsDigit));
}
