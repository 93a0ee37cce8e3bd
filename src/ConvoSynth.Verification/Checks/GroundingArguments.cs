using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>grounding.arguments</c>: the human said, or a tool showed, every id before a call names it. An id without a source was invented and
/// fails. A name, a text or a day of a field without a source may be a rewording, and is unsure.
/// </summary>
internal sealed class GroundingArguments : ICheck
{
    private static readonly CheckName Name = new("grounding", "arguments");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        for (var i = 0; i < trace.Calls.Count; i++)
        {
            var call = trace.Calls[i];
            if (call.Tool is null || trace.ArgumentOrigins[i] is not JsonMap origins)
                continue;
            foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool))
            {
                if (meaning.Field is null && meaning.Parts.Count == 0)
                    continue;
                for (var o = 0; o < origins.Count; o++)
                {
                    if (origins.Values[o].Text != "none" || !IsOf(origins.Keys[o], meaning.Parameter.Name))
                        continue;
                    var part = meaning.At(origins.Keys[o]);
                    if (IsReckoned(trace, call, origins.Keys[o]))
                        continue;
                    if (part.Field is { NonEmptyIsEqual: false, Type: "name" or "text" or "date" })
                        findings.Unsure(
                            call.Message,
                            $"{call.Tool.Name}: {origins.Keys[o]} is what nobody said and no tool showed in {call.Call.Arguments}"
                        );
                    else if (part.IsId)
                        findings.Fail(
                            Fault.Agent,
                            call.Message,
                            $"{call.Tool.Name}: {origins.Keys[o]} comes from nowhere in {call.Call.Arguments}"
                        );
                }
            }
        }

        findings.Close();
    }

    // "The day after" is adjacent to a known day. An empty text claims nothing.
    private static bool IsReckoned(Trace trace, TraceCall call, string path)
    {
        if (path.AsSpan().ContainsAny("[.") || call.Arguments![path].Text is not { } text)
            return false;
        return text.Length == 0
            || (
                FieldValues.TryDate(text, out var day)
                && (trace.Known.HasDay(day.AddDays(-1), call.Message) || trace.Known.HasDay(day.AddDays(1), call.Message))
            );
    }

    private static bool IsOf(string path, string parameter) =>
        path.StartsWith(parameter, StringComparison.Ordinal) && (path.Length == parameter.Length || path[parameter.Length] is '[' or '.');
}
