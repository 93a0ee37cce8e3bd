using System.Buffers;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Finds acts that the human requests although no wish of the scenario has them. One sentence must contain a pack's verb for the act and
/// its object. The object is the label of the entity, or a descriptive text of one of the human's own rows.
/// </summary>
internal sealed class UnaskedActs
{
    private const int ShortestText = 4;

    private readonly Act[] _acts;

    private readonly SearchValues<string> _verbs;

    private readonly Pack _pack;

    public UnaskedActs(Pack pack)
    {
        _pack = pack;
        _acts =
        [
            .. pack
                .Domain.Acts.Values.Where(a => a.Verbs.Count > 0 && a.Object is not null && pack.Tools.Find(a.Tool) is { Writes: true })
                .OrderBy(a => a.Tool, StringComparer.Ordinal)
                .Select(a => new Act(a, pack.Domain)),
        ];
        _verbs = SearchValues.Create([.. _acts.SelectMany(a => a.Verbs).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
    }

    public void Find(Trace trace, ref Findings findings)
    {
        string? known = null;
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.User || trace.Said(i) is not { } said)
                continue;
            // A cheap precheck on the whole message: it needs a verb and a word of request.
            if (!said.Words.AsSpan().ContainsAny(_verbs) || !Act.IsWish(said.Words))
                continue;
            foreach (var act in _acts)
            {
                if (!Array.Exists(act.Verbs, said.Has))
                    continue;
                if (
                    said.Has(act.Object)
                    && !IsWanted(trace.Blueprint, act)
                    && act.Sentence(
                        said.Text,
                        s => s.Contains(act.Object, StringComparison.Ordinal),
                        act.Object,
                        known ??= Known(trace.Blueprint)
                    )
                        is { } sentence
                )
                {
                    findings.Fail(Fault.Human, i, $"the human asks to {act.Spelled}, which is no wish of the scenario: {sentence}");
                    break;
                }

                if (Row(trace, act, said, i, ref known) is { } row)
                {
                    findings.Fail(Fault.Human, i, $"the human asks to {act.Verbs[0].Trim()} {row}, of which the scenario knows nothing");
                    break;
                }
            }
        }
    }

    // A descriptive text of the human's own row that occurs neither in the scenario nor in an earlier message.
    private string? Row(Trace trace, Act act, SpokenText said, int message, ref string? known)
    {
        if (act.Told.Length == 0 || trace.Calls.FirstOrDefault(c => c.Owners.Count > 0)?.Owners[0] is not { } owner)
            return null;
        var view = trace.View;
        if (_pack.Rows.Find(view, _pack.Domain.Entity(_pack.Domain.Who), owner) is not { } person)
            return null;
        foreach (var row in _pack.Rows.OwnedBy(view, act.Entity, person))
        {
            foreach (var told in act.Told)
            {
                if (row[told].Text is not { Length: >= ShortestText } text)
                    continue;
                var words = SpokenText.Phrase(text);
                if (
                    said.Has(words)
                    && !(known ??= Known(trace.Blueprint)).Contains(words, StringComparison.Ordinal)
                    && !IsSaidBefore(trace, message, words)
                    && act.Sentence(said.Text, s => s.Contains(words, StringComparison.Ordinal), words, "") is not null
                )
                    return text;
            }
        }

        return null;
    }

    private static bool IsSaidBefore(Trace trace, int message, string words)
    {
        for (var i = 0; i < message; i++)
        {
            if (trace.Said(i)?.Has(words) == true)
                return true;
        }

        return false;
    }

    private static bool IsWanted(Blueprint blueprint, Act act) =>
        blueprint.Scenario.Requests.Any(r => r.Tool == act.Tool)
        || blueprint.Actions.Any(a => a.Tool == act.Tool)
        || blueprint.Refusals.Any(r => r.Tool == act.Tool)
        || blueprint.AcceptedEndStates.Any(s => s.Writes.Any(w => w.Tool == act.Tool));

    // All texts of the scenario, which may contain the act's words.
    private static string Known(Blueprint blueprint)
    {
        var scenario = blueprint.Scenario;
        return SpokenText.Padded(
            string.Join(
                " . ",
                [
                    blueprint.Instruction,
                    scenario.Reason,
                    .. scenario.Requests.SelectMany(r =>
                        (string[])[r.Words, r.Brief, .. r.Alternatives.SelectMany(a => (string[])[a.When, a.Words])]
                    ),
                ]
            )
        );
    }

    private sealed class Act
    {
        private static readonly SearchValues<string> Wishes = SearchValues.Create(
            [
                " i would like ",
                " id like ",
                " i want ",
                " i need ",
                " please ",
                " can you ",
                " could you ",
                " would you ",
                " i also want ",
                " also ",
            ],
            StringComparison.Ordinal
        );
        private static readonly string[] Denials = [" dont ", " not ", " no ", " never ", " instead of ", " without ", " didnt "];

        public Act(ActSpec act, DomainSpec domain)
        {
            Tool = act.Tool;
            Verbs = [.. act.Verbs.Select(SpokenText.Padded)];
            var (entity, field) =
                domain.Find(act.Object!)
                ?? throw new InvalidOperationException($"the object {act.Object} of {act.Tool} is no field of the pack {domain.Name}");
            Object = SpokenText.Padded(field.Path == entity.Key || entity.Name != domain.Who ? entity.Label : field.Label);
            Entity = entity;
            Told =
                entity.Name != domain.Who && entity.Parent is null
                    ?
                    [
                        .. entity.ToldBy.Where(t =>
                            !t.Contains('[', StringComparison.Ordinal) && entity.Field(t) is { Type: "text" or "name" or "id" }
                        ),
                    ]
                    : [];
            Spelled = $"{act.Verbs[0]} a {Object.Trim()}";
        }

        public string Tool { get; }

        public string[] Verbs { get; }

        public string Spelled { get; }

        public EntitySpec Entity { get; }

        /// <summary>The fields that describe the human's own rows, as far as they are texts.</summary>
        public string[] Told { get; }

        public string Object { get; }

        public static bool IsWish(string words) => words.AsSpan().ContainsAny(Wishes);

        /// <summary>
        /// The sentence that requests the act: a request, a verb, and the object behind it. Null if the known texts contain verb and
        /// object, or a denial comes first.
        /// </summary>
        public string? Sentence(string text, Func<string, bool> has, string done, string known)
        {
            foreach (var range in text.AsSpan().SplitAny(".!?;\n"))
            {
                var sentence = SpokenText.Padded(text[range]);
                if (!has(sentence) || !IsWish(sentence))
                    continue;
                foreach (var verb in Verbs)
                {
                    var at = sentence.IndexOf(verb, StringComparison.Ordinal);
                    // A denial precedes the verb. Behind the verb such a word may be part of a name ("No Witness but the Rain").
                    if (
                        at < 0
                        || sentence.IndexOf(done, at, StringComparison.Ordinal) < 0
                        || Denials.Any(d => sentence.AsSpan(0, at + 1).Contains(d, StringComparison.Ordinal))
                    )
                        continue;
                    if (!known.Contains(verb, StringComparison.Ordinal) || !known.Contains(done, StringComparison.Ordinal))
                        return text[range].Trim();
                }
            }

            return null;
        }
    }
}
