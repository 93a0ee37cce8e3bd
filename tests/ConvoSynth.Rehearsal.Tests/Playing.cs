using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>A finished dialogue, reduced to what the tests read.</summary>
internal sealed record Played(
    Blueprint Blueprint,
    ImmutableArray<Message> Messages,
    StateDiff Diff,
    string? PlantedFault,
    int FaultAt,
    DialogueEnd End
)
{
    public string HumanText => string.Join("\n", Messages.Where(m => m.Role == MessageRole.User).Select(m => m.Content));

    public string AgentText => string.Join("\n", Messages.Where(m => m.Role == MessageRole.Assistant).Select(m => m.Content));

    public override string ToString() =>
        string.Join(
            "\n",
            Messages.Select(m =>
                m.Role switch
                {
                    MessageRole.User => $"  HUMAN  {m.Content}",
                    MessageRole.Tool => $"  ({m.Name}) {(m.Content is { Length: > 90 } long_ ? long_[..90] + "…" : m.Content)}",
                    _ => string.Join("", m.ToolCalls.Select(c => $"  AGENT → {c.Name} {c.Arguments}"))
                        + (m.Content is null ? "" : $"  AGENT  {m.Content}"),
                }
            )
        );
}

/// <summary>Plays whole dialogues with the project's own session and views.</summary>
internal static class Playing
{
    public static Task<Played> Play(Pack pack, Blueprint blueprint, ulong seed, RehearsalOptions? options = null) =>
        Play(pack, blueprint, new RehearsalModel(_ => pack, options), new RehearsalModel(_ => pack, options), seed);

    public static async Task<Played> Play(Pack pack, Blueprint blueprint, IChatModel humanModel, IChatModel agentModel, ulong seed)
    {
        var session = new DialogueSession(pack, blueprint, DialogueLimits.Default);
        var key = new DialogueKey("test", blueprint.Index, 0);
        var human = new RoleView(humanModel, new(key, ModelRole.Human, new(seed), blueprint), blueprint.Instruction, []);
        var agent = new RoleView(agentModel, new(key, ModelRole.Agent, new(seed), blueprint), pack.SystemPrompt, session.Tools);
        var faultAt = -1;
        while (session.Next != NextTurn.Done)
        {
            var isHuman = session.Next == NextTurn.Human;
            var at = session.Messages.Count;
            ModelResponse response;
            try
            {
                response = await (isHuman ? human : agent).Speak(CancellationToken.None);
            }
            catch (EndOfRecordException)
            {
                session.RecordEnded();
                continue;
            }

            if (isHuman)
                session.HumanSaid(response);
            else
                session.AgentSaid(response);
            if (response.PlantedFault is not null && faultAt < 0)
                faultAt = at;
            if (isHuman)
            {
                agent.Heard(session.Messages[at]);
            }
            else
            {
                for (var i = at + 1; i < session.Messages.Count; i++)
                    agent.Heard(session.Messages[i]);
                if (session.Messages[at].Content is not null)
                    human.Heard(Message.User(session.Messages[at].Content!));
            }
        }

        return new(
            blueprint,
            [.. session.Messages],
            pack.Canon.Canonical(session.Diff()),
            session.PlantedFault,
            faultAt,
            session.Finish().End
        );
    }
}
