using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Coverage;

/// <summary>
/// Plays a pack's dialogues with the rehearsal model, which makes no mistake. A dialogue that the checks reject or cannot decide shows
/// that the pack's own declarations contradict each other.
/// </summary>
internal static class PackRehearsal
{
    private const int Dialogues = 200;

    // Check → the rule of rules.yaml that requires it.
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["procedure.identify"] = "identify",
        ["procedure.confirm"] = "confirm",
        ["procedure.confirmation"] = "confirm",
        ["procedure.order"] = "order",
        ["procedure.once"] = "once",
        ["procedure.alone"] = "alone",
        ["procedure.ask"] = "ask",
        ["procedure.never-say"] = "never_say",
        ["procedure.transfer-iff"] = "transfer_iff",
        ["procedure.judged"] = "judge",
    };

    /// <summary>The pack's errors, one for each check that did not pass everywhere.</summary>
    public static async Task<IReadOnlyList<PackDiagnostic>> Run(Pack pack, BlueprintSampler sampler, CancellationToken cancellationToken)
    {
        var spec = new RunSpec
        {
            RunId = "accept",
            Domains = [pack.Name],
            Count = Dialogues,
            Seed = 1,
            Model = RehearsalModel.ModelName,
        };
        var model = new RehearsalModel(_ => pack, new());
        var setup = new RunSetup
        {
            Spec = spec,
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [pack.Name] = pack },
            Human = model,
            Agent = model,
            Blueprints = new SampledBlueprints(
                spec,
                new Dictionary<string, BlueprintSampler>(StringComparer.Ordinal) { [pack.Name] = sampler }
            ),
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { [pack.Name] = Verifier.Default(pack) },
        };
        var found = new Dictionary<string, (int Count, PackDiagnostic First)>(StringComparer.Ordinal);
        for (var index = 0L; index < Dialogues; index++)
        {
            foreach (var (reason, fault) in await Play(setup, pack, index, cancellationToken))
                found[reason] = found.TryGetValue(reason, out var held) ? (held.Count + 1, held.First) : (1, fault);
        }

        return
        [
            .. found
                .OrderByDescending(f => f.Value.Count)
                .Select(f =>
                    f.Value.First with
                    {
                        Reason = $"{f.Value.Count} of {Dialogues} rehearsed dialogues without a mistake are {f.Value.First.Reason}",
                    }
                ),
        ];
    }

    private static async Task<IEnumerable<(string Reason, PackDiagnostic Fault)>> Play(
        RunSetup setup,
        Pack pack,
        long index,
        CancellationToken cancellationToken
    )
    {
        Blueprint blueprint;
        try
        {
            blueprint = await setup.Blueprints.Make(index, cancellationToken);
        }
        catch (BlueprintException)
        {
            return []; // No blueprint, no dialogue; intents that never yield one are reported separately.
        }

        var trajectory = (await DialogueRunner.Run(setup, index, 0, blueprint, cancellationToken)).Trajectory;
        return trajectory
            .Verdicts.Where(v => v.Rejects)
            .DistinctBy(v => v.Reason, StringComparer.Ordinal)
            .Select(v => (v.Reason, FaultOf(pack, blueprint, trajectory.Conversation, v)));
    }

    private static PackDiagnostic FaultOf(Pack pack, Blueprint blueprint, Conversation conversation, Verdict verdict)
    {
        var (name, evidence) = ($"{verdict.Stage}.{verdict.Check}", verdict.Evidence ?? "");
        var intent = pack.Intents.FirstOrDefault(i => i.Id == blueprint.Intent);
        var what =
            $"{(verdict.Outcome == Outcome.Unsure ? "undecided" : "rejected")} by {name}; "
            + $"the first, of the intent {blueprint.Intent} (intents.yaml:{intent?.Line ?? 0}): {evidence}";
        var tool = verdict.Message is { } message ? conversation.Messages[message].ToolCalls.FirstOrDefault()?.Name : null;
        var act = tool is null ? null : pack.Domain.Acts.GetValueOrDefault(tool);
        var rule = Rules.TryGetValue(name, out var kind)
            ? pack
                .Rules.Where(r => r.Rule == kind)
                .OrderByDescending(r => evidence.Contains(r.Clause, StringComparison.Ordinal))
                .ThenByDescending(r => Names(r.Options, tool))
                .FirstOrDefault()
            : null;
        if (rule is null)
            return act is null
                ? new("intents.yaml", intent?.Line ?? 0, what)
                : new("domain.yaml", act.Line, $"{what}; the words are those of acts.{act.Tool}");
        var untold = act is null
            ? []
            : rule.Options["details"]
                .Items.Select(d => d.Text ?? "")
                .Where(d => evidence.Contains($" {d} ", StringComparison.Ordinal) && !act.Tell.Contains(d))
                .ToArray();
        var why =
            untold.Length == 0
                ? ""
                : $"; \"details\" names {string.Join(", ", untold)}, which \"tell\" of acts.{act!.Tool} (domain.yaml:{act.Line}) "
                    + "lacks: add it there, or take it out here";
        return new("rules.yaml", rule.Line, $"{what}{why}");
    }

    private static bool Names(Json options, string? tool) =>
        options switch
        {
            JsonText text => text.Value == tool,
            JsonMap map => map.Values.Any(v => Names(v, tool)),
            _ => options.Items.Any(i => Names(i, tool)),
        };
}
