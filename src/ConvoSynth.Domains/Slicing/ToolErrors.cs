using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// A call that is right fails: once, so that the agent makes it again; or always, so that the agent hands over. Only calls that the
/// outcome rests on fail, so an agent that carries on as if nothing had happened is wrong.
/// </summary>
internal sealed class ToolErrors(Pack pack)
{
    private const double ForGood = 0.3;

    private static readonly string[] Once =
    [
        "Error: the service is temporarily unavailable, please try again",
        "Error: the request timed out and nothing was changed, please try again",
        "Error: the record is locked by another process at the moment, please try again",
        "Error: the connection was lost before the request was carried out, please try again",
    ];

    private static readonly string[] Always =
    [
        "Error: this function is out of order",
        "Error: this function is switched off for maintenance until further notice",
        "Error: the system behind this function cannot be reached today",
    ];

    private readonly HandingOver _handing = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (HandingOver.OnlyWrite(task) is { } write && random.Chance(ForGood))
            return OutOfOrder(task, write, random);
        var counts = Enumerable.Range(0, task.Actions.Length).Where(a => Matters(task, a)).ToArray();
        if (counts.Length == 0)
            return null;
        var at = random.Pick(counts);
        var tool = task.Actions[at].Tool;
        var call = task.Actions.Take(at + 1).Count(a => a.Tool == tool);
        return task with
        {
            Depth = task.Depth + 1,
            Twist = new() { Failures = [new(tool, call, random.Pick(Once))] },
        };
    }

    private Blueprint? OutOfOrder(Blueprint task, GoldAction write, SeededRandom random) =>
        _handing.Of(task, a => !a.Writes) is { } handed
            ? handed with
            {
                Twist = new() { Failures = [new(write.Tool, 0, random.Pick(Always))], Tempting = [new(write.Tool, write.Arguments)] },
            }
            : null;

    // A write, or the only read that shows that a refusal is due.
    private bool Matters(Blueprint task, int action) =>
        task.Actions[action].Writes || task.Refusals.Any(r => r.GroundedBy == action && !Keys(r).Any(k => IsShown(task, k, but: action)));

    private IEnumerable<string> Keys(ExpectedRefusal refusal) =>
        pack.Tools.Find(refusal.Tool)!.Parameters.Where(p => p.Is is not null).Select(p => refusal.Arguments[p.Name].Text).OfType<string>();

    private static bool IsShown(Blueprint task, string key, int but) =>
        task.Actions.Where((_, a) => a != but).Any(a => a.Observation.Contains(key, StringComparison.Ordinal));
}
