using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.never-say</c>: no agent text contains a phrase that a rule forbids, or the value of a forbidden field as read in this
/// dialogue. Counts and flags are left out, since the same value may describe something else.
/// </summary>
internal sealed class ProcedureNeverSay(Pack pack, IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "never-say");

    private readonly (BoundRule Rule, (EntitySpec Entity, FieldSpec Field)[] Fields, string[] Phrases)[] _rules =
    [
        .. rules.Select(r =>
            (
                r,
                r.Options["fields"]
                    .Items.Select(f =>
                        pack.Domain.Find(f.Text ?? "")
                        ?? throw new InvalidOperationException($"rules.yaml: clause {r.Clause.Number}: domain.yaml has no field {f}")
                    )
                    .Where(f => f.Field.Type is not ("count" or "flag"))
                    .ToArray(),
                r.Options["phrases"].Items.Select(p => p.Text ?? "").ToArray()
            )
        ),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        foreach (var (rule, fields, phrases) in _rules)
        {
            var secrets = Secrets(trace, fields);
            for (var i = 0; i < messages.Length; i++)
            {
                if (!Speech.IsAgentText(messages[i]))
                    continue;
                var text = messages[i].Content!;
                foreach (var phrase in phrases)
                {
                    if (FieldValues.ContainsWords(text, phrase))
                        findings.Fail(Fault.Agent, i, $"the agent says \"{phrase}\"; {rule.Quote}");
                }

                foreach (var (field, value) in secrets)
                {
                    if (FieldValues.Says(text, field.Type, value))
                        findings.Fail(Fault.Agent, i, $"the agent says the {field.Label} {value}; {rule.Quote}");
                }
            }
        }

        findings.Close();
    }

    private static HashSet<(FieldSpec Field, Json Value)> Secrets(Trace trace, (EntitySpec Entity, FieldSpec Field)[] fields)
    {
        var secrets = new HashSet<(FieldSpec, Json)>();
        foreach (var (entity, field) in fields)
        {
            foreach (var call in trace.Calls)
            {
                if (call.Succeeded)
                    Collect(call.Result.Value, entity, field, secrets);
            }
        }

        return secrets;
    }

    // Rows of the entity anywhere in the result: objects with its key and the field.
    private static void Collect(Json within, EntitySpec entity, FieldSpec field, HashSet<(FieldSpec Field, Json Value)> secrets)
    {
        if (
            within is JsonMap map
            && !map[entity.Key].IsNull
            && FieldPath.Read(map, field.Path) is { IsNull: false } value and not (JsonText { Value.Length: 0 } or JsonList or JsonMap)
        )
            secrets.Add((field, value));
        foreach (var inner in within is JsonMap rows ? rows.Values : within.Items)
        {
            if (inner is JsonMap or JsonList)
                Collect(inner, entity, field, secrets);
        }
    }
}
