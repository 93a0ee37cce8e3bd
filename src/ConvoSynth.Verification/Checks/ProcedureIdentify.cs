using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.identify</c>: an identity tool succeeds before the agent reads owned rows or writes, and only rows of the identified
/// persons are read or written. If a rule demands it, the same holds for hand-overs and public reads. A dialogue without a successful
/// call is unsure, since no person was identified in it. A foreign task has no clause of ours: a person whose key alone proves their
/// identity is identified by saying it, too.
/// </summary>
internal sealed class ProcedureIdentify(Pack pack, IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "identify");

    private readonly PackMeaning _meaning = PackMeaning.Of(pack);
    private readonly EntitySpec _who = pack.Domain.Entity(pack.Domain.Who);
    private readonly bool _byKey = pack.Domain.Identity.Any(i =>
        i.Proves is [var field] && field == pack.Domain.Entity(pack.Domain.Who).Key
    );
    private readonly BoundRule? _reveal = rules.FirstOrDefault(r => Befores(r).Any(b => b.StartsWith("reveal", StringComparison.Ordinal)));
    private readonly BoundRule? _transfer = rules.FirstOrDefault(r => Befores(r).Contains("transfer", StringComparer.Ordinal));
    private readonly BoundRule? _read = rules.FirstOrDefault(r => Befores(r).Contains("read", StringComparer.Ordinal));
    private readonly BoundRule? _write = rules.FirstOrDefault(r => Befores(r).Contains("write", StringComparer.Ordinal));

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var identified = false;
        var persons = new List<string>(1);
        foreach (var call in trace.Calls)
        {
            // A read that the service fails to carry out is an attempt all the same.
            if (!(call.Succeeded || call.IsInjected) || call.Tool is not { } tool)
                continue;
            if (_meaning.Identifies.Contains(tool.Name))
            {
                if (!call.Succeeded)
                    continue;
                identified = true;
                if (Person(call.Result.Value) is { } person)
                    persons.Add(person);
                continue;
            }

            if (_byKey && trace.IsForeign)
            {
                foreach (var owner in call.Owners.Where(o => !persons.Contains(o) && IsSaid(trace, o, call.Message)))
                    persons.Add(owner);
                identified |= persons.Count > 0;
            }

            if (tool.Kind == ToolKind.Transfer && !identified && _transfer is { } handing)
                findings.Fail(Fault.Agent, call.Message, $"{tool.Name} before anybody was identified; {handing.Quote}");
            var rule =
                (tool.Writes ? _write : null)
                ?? (_meaning.RevealsOwned.Contains(tool.Name) ? _reveal : null)
                ?? (tool is { Kind: ToolKind.Read, Reveals.Count: > 0 } ? _read : null);
            if (rule is null)
                continue;
            if (!identified)
                findings.Fail(Fault.Agent, call.Message, $"{tool.Name} before anybody was identified; {rule.Quote}");
            else if (persons.Count > 0 && Stranger(call, persons) is { } stranger)
                findings.Fail(
                    Fault.Agent,
                    call.Message,
                    $"{tool.Name}({call.Call.Arguments}) concerns {_who.Label} {stranger}, who was not identified; {rule.Quote}"
                );
        }

        // Public data is open to all. If no call succeeded at all, the agent turned away a person about whom it knew nothing.
        // A question that the policy alone answers needs no name.
        var isGeneral = !trace.IsForeign && trace.Blueprint.Actions.IsEmpty;
        if (!identified && !isGeneral && !findings.Any && !trace.Calls.Any(c => c.Succeeded))
            findings.Unsure(null, $"nobody was ever identified, and nothing was looked up; {rules[0].Quote}");
        findings.Close();
    }

    private static IEnumerable<string> Befores(BoundRule rule) =>
        rule.Options["before"] switch
        {
            JsonText text => [text.Value],
            var list => list.Items.Select(i => i.Text ?? ""),
        };

    private static bool IsSaid(Trace trace, string key, int before) =>
        trace
            .Conversation.Messages.Take(before)
            .Any(m => m is { Role: MessageRole.User, Content: { } text } && FieldValues.ContainsToken(text, key));

    // An identity tool returns the person's key or row.
    private string? Person(Json result) =>
        result switch
        {
            JsonText text when pack.Base[_who.Table].Find(text.Value) is not null => text.Value,
            JsonMap map => map[_who.Key].Text,
            _ => null,
        };

    private string? Stranger(TraceCall call, List<string> persons)
    {
        foreach (var owner in call.Owners)
        {
            if (!persons.Contains(owner))
                return owner;
        }

        return call.Owners.Count == 0 && call.Result.Value is JsonMap row && OwnerIn(row) is { } found && !persons.Contains(found)
            ? found
            : null;
    }

    // The arguments name no row, so the owner in the returned row counts.
    private string? OwnerIn(JsonMap row)
    {
        foreach (var entity in _meaning.OwnedRoots)
        {
            if (entity.Owner is { } owner && !row[entity.Key].IsNull && row[owner].Text is { } key)
                return key;
        }

        return null;
    }
}
