using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// When all is done the human goes on talking, and asks once more for a write that was made. The tool would make it again, which was
/// tried: only an agent that remembers its own work says that it is done.
/// </summary>
internal sealed class UnwillingToStop(Pack pack)
{
    private const double Longer = 0.4;

    private static readonly string[] Again =
    [
        "And you will remember that I want to {0}?",
        "So when will it be done? I want to {0}.",
        "Hm, has it gone through? I want to {0}, you know.",
        "Just to be safe, do it once more, please: I want to {0}.",
        "I can't remember whether we did it or not. I want to {0}.",
    ];

    private static readonly string[] Talk =
    [
        "It's nice to have somebody to talk to. My sister never picks up.",
        "You know, I never feel sure with these things until I've heard it twice.",
        "I always get so nervous about these things, I can't help it.",
        "Well, I don't want to keep you. But it's so quiet here today.",
        "My neighbour always says that I ask too much, and perhaps she is right.",
        "I've nothing else to do today, so I'm in no hurry at all.",
    ];

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        foreach (var request in random.Shuffled(task.Scenario.Requests.Where(r => r.IsPlain)))
        {
            if (Repeated(task, request) is not { } write)
                continue;
            var lingering = Said(task, request, random);
            return Rewording.Of(task, task.Scenario with { Conduct = Conduct(lingering) }) with
            {
                Depth = task.Depth + 1,
                Twist = new() { Lingering = lingering, Tempting = [new(write.Tool, write.Arguments)] },
            };
        }

        return null;
    }

    private static ImmutableArray<Lingering> Said(Blueprint task, Request request, SeededRandom random)
    {
        var act = Perspective.First(Phrasing.AsAct(request.Words)).TrimEnd('.');
        var again = new Lingering(string.Format(random.Pick(Again), act), task.Scenario.Requests.IndexOf(request));
        var talk = random.Shuffled(Talk).Select(t => new Lingering(t, null)).ToArray();
        if (random.Chance(Longer))
            return [talk[0], again, talk[1]];
        return random.Chance(0.5) ? [again, talk[0]] : [talk[0], again];
    }

    private static string Conduct(ImmutableArray<Lingering> lingering)
    {
        var said = lingering.Select(l => $"\"{l.Words}\"").ToArray();
        return "When everything has been done, you do not stop yet. One message after another you still say: "
            + $"{string.Join(" then ", said)} You have heard enough when the agent has answered the last of these.";
    }

    // A write that the tool makes a second time: it is no error, and the policy's guards or the end state forbid it.
    private GoldAction? Repeated(Blueprint task, Request request)
    {
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, task.Actions.Length); a++)
        {
            if (!task.Actions[a].Writes)
                continue;
            var environment = new DialogueEnvironment(pack, task.Patch);
            foreach (var action in task.Actions)
                environment.Call(action.Tool, action.Arguments);
            if (!environment.Call(task.Actions[a].Tool, task.Actions[a].Arguments).IsError)
                return task.Actions[a];
        }

        return null;
    }
}
