using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>A wish with branches in the human's words: "if it costs at most $20, I'd like to …; otherwise, please …".</summary>
internal static class ConditionalWish
{
    /// <summary>The wish with its conditions, as a clause without its end.</summary>
    public static string Of(Request request, SeededRandom random)
    {
        var text = new StringBuilder();
        var form = random.Next(3);
        // "…, because my plans changed if that is possible": a condition behind a subclause would belong to it.
        if (form == 1 && request.Alternatives[0].Words.Contains(" because ", StringComparison.Ordinal))
            form = 0;
        for (var i = 0; i < request.Alternatives.Length; i++)
        {
            var branch = request.Alternatives[i];
            var when = Perspective.First(branch.When);
            var words = Perspective.First(Phrasing.AsAct(branch.Words));
            var want = form switch
            {
                0 => "I'd like to",
                1 => i == 0 ? "I want to" : "I'd rather",
                _ => i == 0 ? "I'd like to" : "please",
            };
            var isQuestion = words.StartsWith("know ", StringComparison.Ordinal);
            if (isQuestion && want == "please")
                want = "I'd like to";
            if (i == 0 && form == 1)
                text.Append($"{want} {words} {when}");
            else if (i == 0)
                text.Append($"{when}, {want} {words}");
            else
                text.Append(form == 2 ? $"; {when}, {want} {words}" : $". {Phrasing.Capital(when)}, {want} {words}");
        }

        return text.ToString();
    }
}
