using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Domains.Packs;

/// <summary>A question that the policy answers and that no tool is needed for.</summary>
/// <param name="Ask">The question, completing "can you tell me …".</param>
/// <param name="Type">The field type of the answer.</param>
/// <param name="Answer">The answer under the pack's parameters.</param>
/// <param name="Clause">The policy clause that holds it.</param>
public sealed record PackQuestion(string Ask, string Type, Json Answer, string Clause)
{
    /// <summary>Reads <c>questions.yaml</c>.</summary>
    internal static IReadOnlyList<PackQuestion> Read(YamlPart root, Policy policy)
    {
        var questions = new List<PackQuestion>();
        foreach (var part in root.Items)
        {
            part.Only("ask", "answer", "type", "clause");
            var (ask, answer, clause) = (part.Require("ask"), part.Require("answer"), part.Require("clause"));
            if (ask is null || answer is null || clause is null)
                continue;
            var type = part.TextOf("type", "count");
            if (type is not ("count" or "money"))
                part.Fail($"the type of a question is count or money, not {type}");
            else if (!double.TryParse(answer.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                answer.Fail($"the answer {answer.Text} is no number; name a parameter of the policy, such as {{{{max_holds}}}}");
            else if (policy.Clause(clause.Text) is null)
                clause.Fail($"policy.md has no clause {clause.Text}");
            else
                questions.Add(new(ask.Text, type, number, clause.Text));
        }

        return questions;
    }
}
