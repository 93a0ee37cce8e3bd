using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Models;
using ConvoSynth.Verification.Checks;
using ConvoSynth.Verification.Judges;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Setups;

/// <summary>A finished dialogue and the label of the fault that was planted in it, if any.</summary>
public sealed record FinishedDialogue(Trajectory Trajectory, string? PlantedFault);

/// <summary>Plays and verifies single dialogues without grains, for tests, audits and measurements.</summary>
public static class DialogueRunner
{
    private const string NotPlayed = "the committee rejects the task";

    public static async ValueTask<FinishedDialogue> Run(
        RunSetup setup,
        long index,
        int attempt,
        Blueprint blueprint,
        CancellationToken cancellationToken
    )
    {
        var opinions = ImmutableArray<Verdict>.Empty;
        if (setup.JudgesBlueprints)
        {
            opinions = await CommitteeOf(0, Sitting.OnBlueprint(setup.Spec, index))
                .VoteAsync(CommitteeQuestion.Of(blueprint, setup.PackOf(blueprint)), cancellationToken);
            if (Unplayed(setup, index, attempt, blueprint, opinions) is { } unplayed)
                return new(unplayed, null);
        }

        var session = await Play(setup, index, attempt, blueprint, cancellationToken);
        var trajectory = TrajectoryOf(setup, index, attempt, blueprint, session.Finish());
        if (!setup.Judges.IsEmpty)
            trajectory = await CommitteeOf(attempt, Sitting.OnDialogue(setup.Spec, index, attempt)).Judge(trajectory, cancellationToken);
        return new(trajectory with { Verdicts = [.. trajectory.Verdicts, .. opinions] }, session.PlantedFault);

        Committee CommitteeOf(int attempt, Sitting sitting)
        {
            var key = new DialogueKey(setup.Spec.RunId, index, attempt);
            return new([.. setup.Judges.Select(j => setup.JudgeOf(j.Name, setup.PackOf(blueprint), key, journal: null))], sitting);
        }
    }

    /// <summary>The trajectory of a task that the committee rejects: a dialogue without messages.</summary>
    /// <param name="opinions">The committee's verdicts on the task.</param>
    /// <returns>Null if the task is to be played: no verdict on it failed.</returns>
    public static Trajectory? Unplayed(RunSetup setup, long index, int attempt, Blueprint blueprint, ImmutableArray<Verdict> opinions)
    {
        // Under any profile, so that another one applied later finds the same dialogues.
        if (!opinions.Any(v => v.Outcome == Outcome.Fail))
            return null;
        var pack = setup.PackOf(blueprint);
        return new()
        {
            Id = $"{setup.Spec.RunId}/{index}/{attempt}",
            Index = index,
            Attempt = attempt,
            Blueprint = blueprint,
            Conversation = new()
            {
                System = setup.SystemOf(blueprint),
                Tools = pack.ToolsFor(blueprint),
                Messages = [],
                Meta = [],
                End = DialogueEnd.StoppedEarly,
                StopReason = NotPlayed,
            },
            Diff = StateDiff.Empty,
            // Without it, a profile that decides by computation alone would be met by a dialogue that never was.
            Verdicts =
            [
                .. opinions,
                new()
                {
                    Stage = "conversation",
                    Check = "stopped",
                    Kind = CheckKind.Exact,
                    Outcome = Outcome.Fail,
                    Evidence = $"{ConversationStops.Before}{NotPlayed}",
                },
            ],
            Accept = setup.Spec.Accept,
            Models = setup.ModelsOf(blueprint),
            PromptHashes = setup.PromptHashes,
        };
    }

    public static async ValueTask<DialogueSession> Play(
        RunSetup setup,
        long index,
        int attempt,
        Blueprint blueprint,
        CancellationToken cancellationToken
    )
    {
        var session = setup.SessionOf(blueprint);
        var human = setup.View(setup.OpeningOf(index, attempt, ModelRole.Human, blueprint));
        var agent = setup.View(setup.OpeningOf(index, attempt, ModelRole.Agent, blueprint));
        try
        {
            while (session.Next != NextTurn.Done)
            {
                var before = session.Messages.Count;
                if (session.Next == NextTurn.Human)
                {
                    session.HumanSaid(await human.Speak(cancellationToken));
                    agent.Heard(session.Messages[before]);
                }
                else
                {
                    session.AgentSaid(await agent.Speak(cancellationToken));
                    for (var i = before + 1; i < session.Messages.Count; i++)
                        agent.Heard(session.Messages[i]);
                    if (session.Messages[^1].Role == MessageRole.Assistant)
                        human.Heard(session.ForHuman());
                }
            }
        }
        catch (EndOfRecordException)
        {
            session.RecordEnded();
        }

        return session;
    }

    public static Trajectory TrajectoryOf(RunSetup setup, long index, int attempt, Blueprint blueprint, Conversation conversation)
    {
        var trace = Trace.Run(setup.PackOf(blueprint), blueprint, conversation);
        var verified = setup.VerifierOf(blueprint).Verify(trace);
        return new()
        {
            Id = $"{setup.Spec.RunId}/{index}/{attempt}",
            Index = index,
            Attempt = attempt,
            Blueprint = blueprint,
            Conversation = conversation with { Meta = verified.Meta },
            Diff = verified.Diff,
            Verdicts = verified.Verdicts,
            Reward = TauBenchOutcome.Verify(trace),
            Accept = setup.Spec.Accept,
            Models = setup.ModelsOf(blueprint),
            PromptHashes = setup.PromptHashes,
        };
    }
}
