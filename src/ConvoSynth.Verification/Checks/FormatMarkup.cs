using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>format.markup</c>: no message holds leftovers of a server's template, a call as text, or a further turn. Neither party wrote them,
/// so the endpoint is at fault. Only rows with such a message have this verdict.
/// </summary>
internal sealed class FormatMarkup : ICheck
{
    public const string FullName = "format.markup";

    private static readonly CheckName Name = new("format", "markup");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role == MessageRole.Tool)
                continue;
            if (TemplateMarks.Find(messages[i]) is { } leak)
                findings.Fail(Fault.Endpoint, i, Evidence(leak));
        }
    }

    public static string Evidence(Leak leak) => $"the message holds {leak}, which the endpoint's server should have kept back";
}
