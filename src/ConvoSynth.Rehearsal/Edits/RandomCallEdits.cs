using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>Random edits of a call: of an argument, of the call as a whole, and of what it returned.</summary>
internal static class RandomCallEdits
{
    public static string? Argument(Pack pack, Draft draft, SeededRandom random)
    {
        if (Calling(draft, random) is not { } at)
            return null;
        var call = draft.Messages[at].ToolCalls[0];
        if (
            pack.Tools.Find(call.Name) is not { } tool
            || !Json.TryParse(call.Arguments, out var parsed, out _)
            || parsed is not JsonMap { Count: > 0 } arguments
        )
            return null;
        var name = random.Pick(arguments.Keys);
        Json? other = arguments[name] switch
        {
            JsonNumber { IsInteger: true } number => (long)number.Value + random.Between(1, 3),
            JsonNumber number => number.Value + random.Between(1, 9),
            JsonBoolean flag => !flag.Value,
            JsonText text when tool.Parameter(name)?.Schema["enum"].Items is { Count: > 1 } allowed => random.Pick(allowed),
            JsonText text => TextChanges.StrangeDigit(text.Value, random)
                ?? random.Pick([
                    text.Value + " B",
                    text.Value.ToUpperInvariant(),
                    text.Value.Length > 2 ? text.Value[1..] : text.Value + "x",
                ]),
            JsonList { Items.Count: > 1 } list => Json.List(list.Items.Take(list.Items.Count - 1)),
            _ => null,
        };
        if (other is null || other == arguments[name])
            return null;
        draft.Replace(
            at,
            draft.Messages[at] with
            {
                ToolCalls = draft.Messages[at].ToolCalls.SetItem(0, call with { Arguments = arguments.With(name, other).ToString() }),
            }
        );
        return $"message {at}: {call.Name}.{name} {arguments[name]} → {other}";
    }

    public static string? Call(Draft draft, SeededRandom random, bool twice)
    {
        if (Calling(draft, random) is not { } at || draft.Messages[at].ToolCalls.Length != 1 || at + 1 >= draft.Messages.Count)
            return null;
        var call = draft.Messages[at].ToolCalls[0];
        if (twice)
            draft.Insert(
                at + 2,
                draft.Messages[at] with
                {
                    ToolCalls = [call with { Id = "editcall1" }],
                },
                draft.Messages[at + 1] with
                {
                    ToolCallId = "editcall1",
                }
            );
        else
            draft.Remove(at, 2);
        return $"message {at}: the call {call.Name}({call.Arguments}) {(twice ? "made twice" : "left out")}";
    }

    public static string? Observation(Draft draft, SeededRandom random)
    {
        var all = Enumerable
            .Range(0, draft.Messages.Count)
            .Where(i => draft.Messages[i] is { Role: MessageRole.Tool, Content.Length: > 0 })
            .ToArray();
        if (all.Length == 0)
            return null;
        var at = random.Pick(all);
        var text = draft.Messages[at].Content!;
        return RandomEdits.Changed(
            draft,
            at,
            random.Chance(0.6)
                ? TextChanges.Matched(TextChanges.Number(), text, random, v => TextChanges.StrangeDigit(v, random))
                : TextChanges.Matched(TextChanges.Words(), text, random, w => new string([.. w.Reverse()]))
        );
    }

    private static int? Calling(Draft draft, SeededRandom random)
    {
        var all = Enumerable.Range(0, draft.Messages.Count).Where(i => !draft.Messages[i].ToolCalls.IsEmpty).ToArray();
        return all.Length == 0 ? null : random.Pick(all);
    }
}
