using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// The relation of a word to a pack's writes. Writes are bits of a mask, in the order of <see cref="ActWords.Writes"/>.
/// </summary>
/// <param name="Done">Writes that it reports as done: "cancelled".</param>
/// <param name="Sure">Those among them whose tool name or report contains the verb; other verbs are only in common use for the
/// write.</param>
/// <param name="Noun">Writes that it names as a thing: "cancellation".</param>
/// <param name="Object">Writes whose object it may be: "order".</param>
/// <param name="Plain">Writes whose verb it is, in the base form: "cancel".</param>
internal readonly record struct ActWord(ulong Done, ulong Sure, ulong Noun, ulong Object, ulong Plain);

/// <summary>
/// The words for a pack's writes, compiled once per pack from the verbs and reports of its acts and the names of its tools.
/// </summary>
internal sealed class ActWords
{
    /// <summary>Maximum number of writes: one bit each.</summary>
    private const int MaxWrites = 64;

    private static readonly ConditionalWeakTable<Pack, ActWords> Made = [];

    /// <summary>Verbs that fit any object, so that a claim must name the object too.</summary>
    private static readonly FrozenSet<string> Vague = new[]
    {
        "change",
        "update",
        "set",
        "modify",
        "move",
        "make",
        "take",
        "have",
        "place",
        "put",
        "get",
        "report",
        "send",
        "ship",
        "add",
        "give",
        "drop",
        "register",
        "enter",
        "record",
        "pay",
        "use",
        "hold",
        "adjust",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Changing = new[] { "change", "update", "modify", "adjust" }.ToFrozenSet(
        StringComparer.Ordinal
    );

    private readonly FrozenDictionary<string, ActWord>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly FrozenDictionary<string, int> _bits;
    private readonly SearchValues<string> _reportKeys;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _vague;

    private ActWords(Pack pack)
    {
        Writes = [.. pack.Tools.All.Where(t => t.Writes).Take(MaxWrites)];
        _bits = Writes.Select((t, i) => (t.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        var words = new Dictionary<string, ActWord>(StringComparer.OrdinalIgnoreCase);
        var vague = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Writes.Count; i++)
            AddTool(pack, Writes[i], 1UL << i, words, vague);
        _words = words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _vague = vague.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        Reports = ReportTemplate.Of(pack, Writes, w => this[w].Done != 0);
        _reportKeys = SearchValues.Create([.. Reports.Select(r => r.Key).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
    }

    public IReadOnlyList<ToolSpec> Writes { get; }

    /// <summary>The pack's own sentences that report a write.</summary>
    public IReadOnlyList<ReportTemplate> Reports { get; }

    /// <summary>Whether the text may contain a sentence of <see cref="Reports"/>; a cheap prefilter.</summary>
    public bool MayReport(AgentText text) => text.Text.AsSpan().ContainsAny(_reportKeys);

    public static ActWords Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    public ActWord this[ReadOnlySpan<char> word] => _words.TryGetValue(word, out var found) ? found : default;

    public bool IsVague(ReadOnlySpan<char> word) => _vague.Contains(word);

    public ulong MaskOf(ToolSpec tool) => _bits.TryGetValue(tool.Name, out var bit) ? 1UL << bit : 0;

    public string Names(ulong mask) => string.Join(" or ", Writes.Where((_, i) => (mask & (1UL << i)) != 0).Select(t => t.Name));

    private static void AddTool(Pack pack, ToolSpec tool, ulong bit, Dictionary<string, ActWord> words, HashSet<string> vague)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(tool.Name);
        var parts = tool.Name.Split('_');
        AddVerb(parts[0], isSure: true);
        // A thing that can be modified can also be "changed" or "updated".
        if (Changing.Contains(parts[0]) || act?.Verbs.Any(Changing.Contains) == true)
        {
            foreach (var verb in Changing)
                AddVerb(verb, isSure: true);
        }

        foreach (var verb in act is null ? [] : act.Verbs.Concat(act.KnownAs))
        {
            var head = verb.Split(' ')[0].ToLowerInvariant();
            // "call off", "take back": the head alone has another meaning.
            if (head == verb)
                AddVerb(head, isSure: parts.Contains(head, StringComparer.Ordinal));
            else
                words[head] = words.GetValueOrDefault(head) with { Plain = words.GetValueOrDefault(head).Plain | bit };
        }

        foreach (var part in parts.Skip(1))
            AddObject(part);
        if (act?.Object is { } named && pack.Domain.Find(named) is { } found)
        {
            AddObject(LastWord(found.Entity.Label));
            AddObject(LastWord(found.Field.Label));
        }

        foreach (var parameter in tool.Parameters)
        {
            if (parameter.Is is { } field && pack.Domain.Find(field) is { } holds && holds.Entity.Name != pack.Domain.Who)
                AddObject(LastWord(holds.Entity.Label));
        }

        void AddVerb(string verb, bool isSure)
        {
            foreach (var form in VerbForms.Past(verb))
            {
                var word = words.GetValueOrDefault(form);
                words[form] = word with { Done = word.Done | bit, Sure = isSure ? word.Sure | bit : word.Sure };
                if (Vague.Contains(verb))
                    vague.Add(form);
            }

            if (!Vague.Contains(verb) || Changing.Contains(verb) || verb is "pay" or "register" or "move")
            {
                foreach (var noun in VerbForms.NounsOf(verb))
                {
                    var word = words.GetValueOrDefault(noun);
                    words[noun] = word with { Noun = word.Noun | bit };
                }
            }

            if (Vague.Contains(verb))
                vague.Add(verb);
            var plain = words.GetValueOrDefault(verb);
            words[verb] = plain with { Plain = plain.Plain | bit };
        }

        void AddObject(string noun)
        {
            if (noun.Length < 3 || noun is "pending" or "delivered" or "for")
                return;
            var singular = noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) ? noun[..^1] : noun;
            foreach (var form in (ReadOnlySpan<string>)[singular, singular + "s", singular + "es"])
            {
                var word = words.GetValueOrDefault(form);
                words[form] = word with { Object = word.Object | bit };
            }
        }
    }

    private static string LastWord(string label) => label[(label.LastIndexOf(' ') + 1)..].ToLowerInvariant();
}
