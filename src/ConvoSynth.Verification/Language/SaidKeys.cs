using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>Finds the keys of rows that a sentence names.</summary>
internal static class SaidKeys
{
    private const int ShortestKey = 4;

    private static readonly List<string> Nothing = [];

    /// <summary>
    /// Keys of rows, in tables of their own, that the writes take as arguments: <c>#W2378156</c>. The person's own key is left out.
    /// </summary>
    public static List<string> In(Trace trace, ActWords acts, AgentText text, TextSentence sentence, ulong tools)
    {
        List<string>? keys = null;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var word = text.Words[i];
            if (word.Length < ShortestKey || !text[word].ContainsAnyInRange('0', '9'))
                continue;
            var signed = word.Start > 0 && !char.IsWhiteSpace(text.Text[word.Start - 1]) ? text.Text[(word.Start - 1)..word.End] : null;
            if (Find(trace, acts, tools, signed, text[word].ToString()) is { } key)
                (keys ??= []).Add(key);
        }

        return keys ?? Nothing;
    }

    private static string? Find(Trace trace, ActWords acts, ulong tools, string? signed, string bare)
    {
        for (var t = 0; t < acts.Writes.Count; t++)
        {
            if ((tools & (1UL << t)) == 0)
                continue;
            foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(acts.Writes[t]))
            {
                if (meaning.Names is not { Parent: null } entity || entity.Name == trace.Pack.Domain.Who)
                    continue;
                var table = trace.Pack.BaseView[entity.Table];
                if (signed is not null && table.Find(signed) is not null)
                    return signed;
                if (table.Find(bare) is not null)
                    return bare;
            }
        }

        return null;
    }
}
