using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Needs;

/// <summary>
/// What rests on a read alone and no check asks for: the row of a guard, a row that is spoken of by its key, a row that a search rules
/// out, a result that is used, an absence.
/// </summary>
/// <param name="isSeen">Whether a call still counts: it is no read that was found needless.</param>
internal sealed class ReadGrounds(Trace trace, Func<TraceCall, bool> isSeen)
{
    private readonly PackMeaning _meaning = PackMeaning.Of(trace.Pack);
    private readonly GuardedRows _rows = new(trace, isSeen);
    private readonly StatedDetails _details = new(trace, isSeen);
    private readonly Calculations _calculations = new(trace, isSeen);

    /// <summary>Whether something rests on the successful read at this index of the trace's calls.</summary>
    public bool Has(int index)
    {
        var call = trace.Calls[index];
        if (call.Tool!.Calculates)
            return _calculations.Use(index);
        return IsEmpty(call.Result.Value)
            || _rows.AreForGuard(index)
            || IsSpokenOf(index, call)
            || RulesOut(index, call)
            || _calculations.TakeFrom(index)
            || _details.RestOn(call);
    }

    // That there is nothing is knowledge too.
    private static bool IsEmpty(Json result) => result is JsonNull or JsonList { Items.Count: 0 } or JsonMap { Count: 0 };

    // A row of the person whose key a party says is spoken of; the first read shows what is said of it.
    private bool IsSpokenOf(int index, TraceCall read)
    {
        foreach (var (entity, key) in Named(read))
        {
            if (
                entity.Name != trace.Pack.Domain.Who
                && trace.Pack.Rows.IsOwned(entity)
                && read.Tool!.Reveals.Contains(entity.Name, StringComparer.Ordinal)
                && IsSaid(key)
                && trace.Pack.Rows.Find(trace.View, entity, key) is { } row
                && !_rows.AreShownOtherwise(index, trace.Calls.Count, row)
            )
                return true;
        }

        return false;
    }

    // Before this read the human has not said which row they mean, so the agent looks at one after another. Our own tasks say whether it
    // must see them all; of other tasks that is unknown, so all that were seen before the choice count.
    private bool RulesOut(int index, TraceCall read)
    {
        foreach (var (entity, key) in Named(read))
        {
            if (entity.Name == trace.Pack.Domain.Who || !trace.Pack.Rows.IsOwned(entity))
                continue;
            foreach (var (other, chosen) in Chosen(index))
            {
                if (
                    other == entity
                    && chosen != key
                    && !IsSaidByHuman(chosen, read.Message)
                    && (trace.IsForeign || !IsRead(chosen, entity, index))
                )
                    return true;
            }
        }

        return false;
    }

    // The rows that a later write names, and rows that were read and are spoken of later.
    private IEnumerable<(EntitySpec Entity, Json Key)> Chosen(int index)
    {
        for (var i = 0; i < trace.Calls.Count; i++)
        {
            var call = trace.Calls[i];
            if (!call.Succeeded || !(call.Wrote ? i > index : isSeen(call)))
                continue;
            foreach (var named in Named(call))
            {
                if (call.Wrote || (i != index && IsSaidAfter(named.Key, trace.Calls[index].Message)))
                    yield return named;
            }
        }
    }

    private bool IsSaidAfter(Json key, int message)
    {
        var spellings = Spellings(key);
        return AgentWords.Of(trace).Any(w => w.Message > message && Says(w.Text, spellings));
    }

    private bool IsRead(Json key, EntitySpec entity, int before) =>
        trace
            .Calls.Take(before)
            .Any(c =>
                c.Succeeded && isSeen(c) && c.Tool is { Kind: ToolKind.Read } && Named(c).Any(n => n.Entity == entity && n.Key == key)
            );

    /// <summary>Whether a read shows a row that an observation of the tool shows, of an entity that both reveal.</summary>
    public bool ShowSameRow(TraceCall read, ToolSpec tool, string observation)
    {
        if (!Json.TryParse(observation, out var shown, out _))
            return false;
        foreach (var name in tool.Reveals.Intersect(read.Tool!.Reveals, StringComparer.Ordinal))
        {
            if (
                trace.Pack.Domain.Entities.TryGetValue(name, out var entity)
                && Keys(shown, entity.Key).Any(k => JsonSearch.ShowsId(read.Result.Value, k))
            )
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Keys(Json within, string key) =>
        within switch
        {
            JsonMap map => map.Values.SelectMany(v => Keys(v, key)).Concat(map[key] is { IsNull: false } own ? [EntityRows.Text(own)] : []),
            JsonList list => list.Items.SelectMany(i => Keys(i, key)),
            _ => [],
        };

    private IEnumerable<(EntitySpec Entity, Json Key)> Named(TraceCall call)
    {
        if (call.Tool is not { } tool || call.Arguments is not JsonMap arguments)
            yield break;
        foreach (var meaning in _meaning.Arguments(tool).ToArray())
        {
            if (meaning.Names is { Parent: null } entity && arguments.TryGet(meaning.Parameter.Name, out var key) && key is JsonText)
                yield return (entity, key);
        }
    }

    private bool IsSaid(Json key)
    {
        var spellings = Spellings(key);
        return AgentWords.Of(trace).Any(w => Says(w.Text, spellings)) || IsSaidByHuman(key, trace.Conversation.Messages.Length);
    }

    private bool IsSaidByHuman(Json key, int before)
    {
        var spellings = Spellings(key);
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i] is { Role: MessageRole.User, Content: { Length: > 0 } said } && Says(said, spellings))
                return true;
        }

        return false;
    }

    private static string[] Spellings(Json key) =>
        EntityRows.Text(key) is var text && ShortId.Digits(text) is { } digits ? [text, digits] : [text];

    private static bool Says(string text, string[] spellings) => Array.Exists(spellings, s => FieldValues.ContainsToken(text, s));
}
