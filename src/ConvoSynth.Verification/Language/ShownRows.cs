using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>Nested rows of a person that a dialogue has read; computed on first use.</summary>
internal sealed class ShownRows(Trace trace)
{
    private List<(EntityRow Row, int Message)>? _all;

    /// <summary>Each row with the message of the call that first showed it, in message order.</summary>
    public List<(EntityRow Row, int Message)> All => _all ??= Find();

    private List<(EntityRow Row, int Message)> Find()
    {
        var rows = new List<(EntityRow Row, int Message)>();
        var pack = trace.Pack;
        EntitySpec[] inner = [.. pack.Domain.EntityOrder.Select(pack.Domain.Entity).Where(e => e.Parent == pack.Domain.Who)];
        if (inner.Length == 0)
            return rows;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in trace.Calls)
        {
            if (!call.Succeeded || call.Tool is null || call.Arguments is not JsonMap arguments)
                continue;
            foreach (var owner in PackMeaning.Of(pack).Owners(pack, trace.View, call.Tool, arguments))
            {
                if (pack.Rows.Find(trace.View, pack.Domain.Entity(pack.Domain.Who), owner) is not { } person)
                    continue;
                foreach (var entity in inner)
                {
                    foreach (var row in EntityRows.Within(person, entity))
                    {
                        if (JsonSearch.ShowsId(call.Result.Value, EntityRows.Text(row.Key)) && seen.Add(row.Identity))
                            rows.Add((row, call.Message));
                    }
                }
            }
        }

        return rows;
    }
}
