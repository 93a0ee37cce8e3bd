using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.ask</c>: the human said the value of an argument before the call. A number, date, amount or id that no human message
/// contains fails. A choice or free text may be a paraphrase, and is unsure. In a foreign task, whose policy demands only a confirmation,
/// the agent may have proposed the value.
/// </summary>
internal sealed class ProcedureAsk(IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "ask");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var rule in rules)
        {
            foreach (var call in trace.Calls)
            {
                if (!call.Succeeded || call.Tool is not { } tool || !rule.Tools.Contains(tool.Name))
                    continue;
                foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(tool))
                {
                    if (meaning.Parameter.Name != rule.Options["argument"].Text || call.Arguments![meaning.Parameter.Name].IsNull)
                        continue;
                    var value = call.Arguments[meaning.Parameter.Name];
                    var type = meaning.TypeOf(value);
                    if (IsSaid(trace, call.Message, type, value))
                        continue;
                    if (type is "text" or "name" or "enum" or "flag")
                        findings.Unsure(
                            call.Message,
                            $"no human message says {value} ({meaning.Parameter.Name} of {tool.Name}) word for word; {rule.Quote}"
                        );
                    else
                        findings.Fail(
                            Fault.Agent,
                            call.Message,
                            $"no human message says {value} ({meaning.Parameter.Name} of {tool.Name}); {rule.Quote}"
                        );
                }
            }
        }

        findings.Close();
    }

    private static bool IsSaid(Trace trace, int before, string type, Json value)
    {
        var messages = trace.Conversation.Messages;
        for (var i = before - 1; i >= 0; i--)
        {
            if (
                messages[i] is not { Content: { } text }
                || !(messages[i].Role == MessageRole.User || (trace.IsForeign && Speech.IsAgentTurn(messages[i])))
            )
                continue;
            if (FieldValues.Says(text, type, value) || (value is JsonText words && SaysStems(text, words.Value)))
                return true;
        }

        return false;
    }

    // "I no longer need it" matches "no longer needed": one message contains the first 4 letters of each longer word.
    private static bool SaysStems(string text, string words)
    {
        var any = false;
        foreach (var word in words.Split(' ', '_'))
        {
            if (word.Length < 4)
                continue;
            any = true;
            if (!text.Contains(word[..4], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return any;
    }
}
