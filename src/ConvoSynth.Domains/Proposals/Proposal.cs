using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains.Proposals;

/// <summary>A call of a proposed reference solution.</summary>
/// <param name="Arguments">A JSON object as text, since a strict schema cannot describe the arguments of several tools at once.</param>
public sealed record ProposedCall(string Tool, string Arguments);

/// <summary>A value that the agent must tell.</summary>
/// <param name="Question">What the human wants to know, completing "you want to know …".</param>
/// <param name="Field">The field that holds it when all calls have been made, as <c>entity.field</c>.</param>
/// <param name="Row">The key of its row.</param>
public sealed record ProposedAnswer(string Question, string Value, string Field, string Row);

/// <summary>A task as a model proposes it: nothing of it is checked yet.</summary>
public sealed record Proposal
{
    /// <summary>Why the human gets in touch: a clause in the second person.</summary>
    public required string Reason { get; init; }

    /// <summary>What the simulated human is told.</summary>
    public required string Instruction { get; init; }

    public required ImmutableArray<ProposedCall> Actions { get; init; }

    public required ImmutableArray<ProposedAnswer> Outputs { get; init; }

    /// <summary>Reads an answer of the right shape.</summary>
    public static Proposal Of(Json answer) =>
        new()
        {
            Reason = Words(answer["reason"]),
            Instruction = Words(answer["instruction"]),
            Actions = [.. answer["actions"].Items.Select(a => new ProposedCall(Words(a["tool"]), Words(a["arguments"])))],
            Outputs =
            [
                .. answer["outputs"]
                    .Items.Select(o => new ProposedAnswer(Words(o["question"]), Words(o["value"]), Words(o["field"]), Words(o["row"]))),
            ],
        };

    public Json ToJson() =>
        Json.Map(
            ("reason", Reason),
            ("instruction", Instruction),
            ("actions", Json.List(Actions.Select(a => (Json)Json.Map(("tool", a.Tool), ("arguments", a.Arguments))))),
            (
                "outputs",
                Json.List(
                    Outputs.Select(o => (Json)Json.Map(("question", o.Question), ("value", o.Value), ("field", o.Field), ("row", o.Row)))
                )
            )
        );

    private static string Words(Json value) => (value.Text ?? "").Trim();
}
