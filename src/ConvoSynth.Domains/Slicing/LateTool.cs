using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The only tool that can carry the wish out is absent at first. The agent's notice says that tools may be added, so an agent that says
/// what it lacks and waits for the answer is right, and an agent that hands over at once is not.
/// </summary>
internal sealed class LateTool(Pack pack)
{
    private const string Added =
        "Tools may be added in the course of a conversation: the list that comes with each message is the one that counts. "
        + "If the tool for a request is missing, tell the person so";

    private const string Conduct =
        "If you are told that this cannot be done at the moment, you ask the agent to have another look, and do not give up the wish.";

    private readonly bool _handsOver = pack.Tools.All.Any(t => t.Kind == ToolKind.Transfer);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (HandingOver.OnlyWrite(task) is not { } write)
            return null;
        return Rewording.Of(task, task.Scenario with { Conduct = Conduct }) with
        {
            Depth = task.Depth + 1,
            Twist = new()
            {
                LateTool = write.Tool,
                Tempting = [new(write.Tool, write.Arguments)],
                Notice = _handsOver ? $"{Added} and wait for the answer before you hand over." : $"{Added} and wait for the answer.",
            },
        };
    }
}
