using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Goals in words, with the arguments that they have in the state of the plan so far.</summary>
internal sealed class GoalWords(Pack pack, Binding binding, DialogueEnvironment environment, Wording wording)
{
    /// <summary>The goal in the human's words; of a condition, its first branch. Null if it cannot be said.</summary>
    public Description? Of(GoalSpec goal, int request) =>
        goal switch
        {
            DoGoal write => wording.Ask(write, binding.Arguments(write, binding.Scope(pack, environment.Db)), request),
            TellGoal tell => wording.Question(tell.Say, Slots(tell.Answer)) is { } question
                ? question with
                {
                    Words = $"know {question.Words}",
                }
                : null,
            IfGoal branch => Of(branch.Then, request),
            _ => null,
        };

    /// <summary>The write as the agent offers it.</summary>
    public string? Offer(DoGoal goal, int request) =>
        wording.Offer(goal, binding.Arguments(goal, binding.Scope(pack, environment.Db)), request);

    /// <summary>The slots that a formula names.</summary>
    public IEnumerable<string> Slots(Formula formula) =>
        FormulaNames.Of(formula).Where(binding.Slots.ContainsKey).Distinct(StringComparer.Ordinal);
}
