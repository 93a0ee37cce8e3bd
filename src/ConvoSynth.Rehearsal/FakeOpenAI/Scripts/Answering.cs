using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>
/// Decides the content of an answer: a line of the script, or an object that fits the requested schema. A request outside any dialogue
/// gets a call of its first tool.
/// </summary>
internal static class Answering
{
    public const string NoLanguageModel =
        "This is the test endpoint of ConvoSynth. It is no language model: it plays scripts, and this request names none.";

    private const string ProbeCall = "call00001";

    /// <exception cref="RefusedException">A schema or a tool in the body is invalid.</exception>
    /// <param name="options">What scripted judges and proposers do.</param>
    public static async ValueTask<Answer> Of(
        RequestFacts facts,
        KeptScript? script,
        ReadOnlyMemory<byte> body,
        EndpointOptions options,
        CancellationToken cancellationToken
    )
    {
        if (facts.Call is not { } call || script is null)
            return Unscripted(facts, body.Span);
        switch (call.Key.Role)
        {
            case "writer":
                return Answer.Of(Json.Map(("instruction", script.Instruction)).ToString());
            case "human" when facts.Schema is { } schema && call.Key.Part.StartsWith("critique", StringComparison.Ordinal):
                return Answer.Of(Scores(call, SchemaIn(schema, body.Span)).ToString());
            case "human" or "agent" when facts.Schema is null:
                var line = await script.Line(call.Key, call.Key.Role == "human" ? ModelRole.Human : ModelRole.Agent, cancellationToken);
                return new(line.Message.Content, line.Message.ToolCalls, line.Finish, line.PlantedFault);
            case var _ when call is { IsJudge: true } && facts.Schema is { } schema:
                return JudgeAnswers.Of(call, script, SchemaIn(schema, body.Span), options.Judges);
            case "summarizer":
                return Answer.Of(Json.Map(("advice", "Mend what was found, and leave the rest as it is.")).ToString());
            case "proposer" when script.Proposal is { } proposal:
                return Proposed(proposal, options.Proposer.FaultOf(proposal.Seed, call.Key.Step));
            default:
                return Answer.Of(SchemaInstance.Of(SchemaIn(facts.Schema!.Value, body.Span)).ToString());
        }
    }

    private static Answer Proposed(ScriptedProposal proposal, string? fault) =>
        fault is not null && ProposalBreaks.Broken(proposal, fault) is { } broken
            ? Answer.Of(broken) with
            {
                PlantedFault = fault,
            }
            : Answer.Of(ProposalBreaks.Text(proposal.Right));

    private static Answer Unscripted(RequestFacts facts, ReadOnlySpan<byte> body)
    {
        if (facts.Schema is { } schema)
            return Answer.Of(SchemaInstance.Of(SchemaIn(schema, body)).ToString());
        if (facts.ForbidsTools || facts.HasToolMessage || facts.Tools.Length == 0)
            return Answer.Of(NoLanguageModel);
        if (Parsed(facts.Tools, body).Items is not [var tool, ..])
            return Answer.Of(NoLanguageModel);
        // Chat Completions wraps the function in its own object, the Responses API does not.
        var function = tool["function"].IsNull ? tool : tool["function"];
        return function["name"].Text is { } name
            ? new(
                null,
                [new(ProbeCall, name, SchemaInstance.Of(function["parameters"]) is JsonMap arguments ? arguments.ToString() : "{}")],
                FinishReason.ToolCalls,
                null
            )
            : throw RefusedException.Invalid("the first tool has no name", "tools");
    }

    // The first candidate scores best, so that the dialogue follows the script.
    private static JsonMap Scores(ScriptCall call, Json schema)
    {
        var count = call.Candidates ?? (int)Math.Clamp(schema["properties"]["scores"]["minItems"].Number ?? 1, 1, 1000);
        return Json.Map(("scores", Json.List(Enumerable.Range(0, count).Select(i => (Json)Math.Max(0, 10 - i)))));
    }

    private static Json SchemaIn(Slice schema, ReadOnlySpan<byte> body) =>
        schema.Length == 0 ? Json.Map(("type", "object")) : Parsed(schema, body);

    private static Json Parsed(Slice slice, ReadOnlySpan<byte> body)
    {
        try
        {
            return Json.Parse(slice.Of(body));
        }
        catch (FormatException e)
        {
            throw RefusedException.Invalid($"the tools or the schema cannot be read: {e.Message}");
        }
    }
}

/// <summary>A model's message, independent of the protocol.</summary>
internal sealed record Answer(string? Text, ImmutableArray<ToolCall> Calls, FinishReason Finish, string? PlantedFault)
{
    /// <summary>Whether it is never sent: the judge hangs.</summary>
    public bool Hangs { get; init; }

    public static Answer Of(string text) => new(text, [], FinishReason.Stop, null);

    /// <summary>An estimate: four bytes of text, names and arguments per token; at least one for a non-empty answer.</summary>
    public int Tokens => RequestFacts.Tokens(Bytes(Text) + Calls.Sum(c => Bytes(c.Name) + Bytes(c.Arguments)));

    /// <summary>
    /// The answer under a planted <see cref="FailureKind.ContentFilter"/> or <see cref="FailureKind.Length"/>; otherwise unchanged.
    /// </summary>
    public Answer Spoiled(FailureKind kind) =>
        kind switch
        {
            FailureKind.ContentFilter => this with { Text = null, Calls = [], Finish = FinishReason.ContentFilter, PlantedFault = null },
            FailureKind.Length when Calls.IsEmpty => this with { Text = Half(Text ?? ""), Finish = FinishReason.Length },
            FailureKind.Length => this with
            {
                Calls = [.. Calls[..^1], Calls[^1] with { Arguments = Half(Calls[^1].Arguments) }],
                Finish = FinishReason.Length,
            },
            _ => this,
        };

    private static int Bytes(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);

    // Must not split a surrogate pair.
    private static string Half(string text)
    {
        var length = text.Length / 2;
        return length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
