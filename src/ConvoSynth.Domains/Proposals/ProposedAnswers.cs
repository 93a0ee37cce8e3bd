using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>Whether the data holds the answers of a proposal where it says so.</summary>
internal static class ProposedAnswers
{
    public static void Check(Pack pack, Proposal proposal, Db after, List<ProposalFault> faults)
    {
        foreach (var answer in proposal.Outputs)
        {
            if (Problem(pack, answer, after) is { } problem)
                faults.Add(new(ProposalFaults.Output, $"the output \"{answer.Value}\" ({answer.Question}): {problem}"));
        }
    }

    private static string? Problem(Pack pack, ProposedAnswer answer, Db after)
    {
        if (answer.Question.Length == 0)
            return "it has no question";
        if (pack.Domain.Find(answer.Field) is not var (entity, field))
            return $"there is no field {answer.Field}";
        if (NamedRows.Find(pack, after, entity, answer.Row) is not { } row)
            return $"there is no {entity.Name} {answer.Row} when all calls have been made";
        var held = row[field.Path];
        return held.IsNull ? $"{answer.Field} of {answer.Row} has no value"
            : Says(answer.Value, field.Type, held) ? null
            : $"no observation has it: {answer.Field} of {answer.Row} is {held} when all calls have been made";
    }

    private static bool Says(string text, string type, Json held) =>
        held is JsonBoolean
            ? text == held.ToString() || text == FieldValues.Say(type, held)
            : FieldValues.Says(text, type, held) || text == (held.Text ?? held.ToString());
}
