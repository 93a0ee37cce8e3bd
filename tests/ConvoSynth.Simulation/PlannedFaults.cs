using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification;

namespace ConvoSynth.Simulation;

/// <summary>
/// The check that finds a campaign's planned faults: human messages with a mark, and listed blueprints, environments and unsure
/// dialogues. It is part of the campaign, with or without mishaps.
/// </summary>
internal sealed class PlannedFaults(IReadOnlySet<string> blueprints, IReadOnlySet<string> environments, IReadOnlySet<string> unsure)
    : ICheck
{
    public const string Mark = "[spoiled]";

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var spoiled = trace.Conversation.Messages.Any(m =>
            m.Role == MessageRole.User && m.Content?.Contains(Mark, StringComparison.Ordinal) == true
        );
        if (spoiled)
            verdicts.Add(Failed("human", Fault.Human));
        if (blueprints.Contains(trace.Blueprint.Id))
            verdicts.Add(Failed("blueprint", Fault.Blueprint));
        if (environments.Contains(trace.Blueprint.Id))
            verdicts.Add(Failed("environment", Fault.Environment));
        if (unsure.Contains(trace.Blueprint.Id))
            verdicts.Add(Failed("words", Fault.None) with { Outcome = Outcome.Unsure });
    }

    private static Verdict Failed(string check, Fault fault) =>
        new()
        {
            Stage = "planned",
            Check = check,
            Kind = CheckKind.Exact,
            Outcome = Outcome.Fail,
            Fault = fault,
            Evidence = "planned",
        };
}
