using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>thoughts.seen</c>: a thought names nothing that the agent had not yet read or heard. It fails a text that only a later observation
/// shows, and a key or code without a source. A number, an amount or a day without a source is unsure.
/// </summary>
internal sealed class ThoughtsSeen : ICheck
{
    /// <summary>Bounds on a text of an observation that names something; a longer one is a description.</summary>
    private const int Shortest = 4,
        Longest = 60;

    private static readonly CheckName Name = new("thoughts", "seen", CheckKind.Language);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var thought in Thought.In(trace))
        {
            // The check of grounding judges the call's own arguments.
            var own = trace
                .Calls.Where(c => c.Message == thought.Message && c.Arguments is not null)
                .SelectMany(c => NamedTexts.Of(c.Arguments!))
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (Foreseen(trace, thought, own) is { } foreseen)
            {
                findings.Fail(
                    Fault.Agent,
                    thought.Message,
                    $"the thought names {foreseen.Text}, which {foreseen.Call.Call.Name} shows only afterwards, in message "
                        + $"{foreseen.Call.Observation}"
                );
                continue;
            }

            var rest = AgentText.Of(Without(thought.Words.Text, own));
            SaidNumbers.Judge(trace, rest, ref findings, thought.Message);
            foreach (var amount in SaidAmounts.In(trace, rest, thought.Message).Unexplained)
                findings.Unsure(thought.Message, SaidAmounts.Said(rest, amount));
        }

        findings.Close();
    }

    private static (string Text, TraceCall Call)? Foreseen(Trace trace, Thought thought, HashSet<string> own)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message < thought.Message || !call.Succeeded)
                continue;
            foreach (var text in NamedTexts.Of(call.Result.Value))
            {
                if (
                    text.Length is >= Shortest and <= Longest
                    && text.Any(c => char.IsUpper(c) || char.IsDigit(c))
                    && !own.Contains(text)
                    && FieldValues.ContainsToken(thought.Words.Text, text)
                    && !trace.Known.HasToken(text, thought.Message)
                    // A day may be worked out.
                    && !DateOnly.TryParse(text, out _)
                )
                    return (text, call);
            }
        }

        return null;
    }

    private static string Without(string text, HashSet<string> own)
    {
        foreach (var value in own.Where(v => v.Length > 1).OrderByDescending(v => v.Length))
            text = text.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        return text;
    }
}
