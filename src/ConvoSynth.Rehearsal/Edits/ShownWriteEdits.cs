using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>Plants contradictions between a write's arguments, its observation and the agent's report.</summary>
internal sealed class ShownWriteEdits(Pack pack, Conversation clean, SeededRandom random)
{
    private const int ShortestValue = 4;

    private static readonly string[] Reports =
    [
        "The {0} of {1} {2} is now {3}.",
        "For {1} {2}, the {0} is {3} now.",
        "I have set the {0} of {1} {2} to {3}.",
    ];

    private IReadOnlyList<Message> Messages => clean.Messages;

    /// <summary>Changes a value in the observation that the call set.</summary>
    public Conversation? Contradicted()
    {
        foreach (var (at, shown, _, field) in random.Shuffled(Fields()))
        {
            if (Other(field, shown[field.Path]) is not { } other)
                continue;
            var draft = new Draft(clean);
            draft.Replace(at, Messages[at] with { Content = shown.With(field.Path, other).ToString() });
            return draft.Finish();
        }

        return null;
    }

    /// <summary>Adds a sentence to the agent's report that states another value of the written row than the observation shows.</summary>
    public Conversation? Misreported()
    {
        foreach (var (at, shown, entity, field) in random.Shuffled(Fields()))
        {
            if (shown[entity.Key].Text is not { } key || shown[field.Path].Text is not { } value || ReportAfter(at) is not { } report)
                continue;
            var others = field.Values.Where(v => v != value && v.Length >= ShortestValue).ToArray();
            if (others.Length == 0)
                continue;
            var said = FieldValues.Say("enum", random.Pick(others));
            var sentence = string.Format(CultureInfo.InvariantCulture, random.Pick(Reports), field.Label, entity.Label, key, said);
            var draft = new Draft(clean);
            draft.Replace(report, Messages[report] with { Content = $"{sentence} {Messages[report].Content}" });
            return draft.Finish();
        }

        return null;
    }

    // Fields of the written row itself whose value in the observation equals the call's argument.
    private IEnumerable<(int Observation, JsonMap Shown, EntitySpec Entity, FieldSpec Field)> Fields()
    {
        for (var i = 1; i < Messages.Count; i++)
        {
            if (
                Messages[i] is not { Role: MessageRole.Tool, Content: { } text }
                || Messages[i - 1].ToolCalls is not [var call]
                || pack.Tools.Find(call.Name) is not { Writes: true } tool
                || !Json.TryParse(text, out var observed, out _)
                || observed is not JsonMap shown
                || !Json.TryParse(call.Arguments, out var arguments, out _)
            )
                continue;
            foreach (var parameter in tool.Parameters)
            {
                if (
                    parameter.Is is not null
                    && pack.Domain.Find(parameter.Is) is ({ Parent: null } entity, var field)
                    && shown.Contains(entity.Key)
                    && entity.Fields.Keys.Count(shown.Contains) > 1
                    && shown.TryGet(field.Path, out var value)
                    && value == arguments[parameter.Name]
                )
                    yield return (i, shown, entity, field);
            }
        }
    }

    private int? ReportAfter(int observation)
    {
        for (var i = observation + 1; i < Messages.Count && Messages[i].Role != MessageRole.User; i++)
        {
            if (Messages[i] is { Role: MessageRole.Assistant, ToolCalls.IsEmpty: true, Content.Length: > 0 })
                return i;
        }

        return null;
    }

    private Json? Other(FieldSpec field, Json value)
    {
        switch (field.Type, value)
        {
            case ("enum", JsonText held) when field.Values.Count > 1:
                return random.Pick([.. field.Values.Where(v => v != held.Value)]);
            case ("flag", JsonBoolean held):
                return held == JsonBoolean.False;
            case ("count", JsonNumber held):
                return (long)held.Value + random.Between(1, 9);
            case ("money", JsonNumber held):
                return held.Value + random.Between(1, 9);
            case ("id" or "ref" or "date", JsonText held):
                return TextEdits.Slip(held.Value, random);
            default:
                return null;
        }
    }
}
