using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// The second stage: executes the calls in their order on a fresh copy of the database. Notes what the third stage needs: broken guards
/// that the tools do not enforce, and writes without an effect.
/// </summary>
internal sealed class ProposalExecution
{
    private readonly Pack _pack;
    private readonly DialogueEnvironment _environment;

    private ProposalExecution(Pack pack) => (_pack, _environment) = (pack, new(pack));

    /// <summary>The database after all calls.</summary>
    public Db Db => _environment.Db;

    public StateDiff Diff => _pack.Canon.Canonical(_environment.Diff());

    /// <summary>What the policy forbids although the environment carries it out.</summary>
    public List<ProposalFault> AgainstPolicy { get; } = [];

    public static ProposalExecution Run(Pack pack, IReadOnlyList<ReadCall> calls, List<ProposalFault> faults)
    {
        var execution = new ProposalExecution(pack);
        for (var i = 0; i < calls.Count; i++)
        {
            // What follows a failed call was planned for a state that is not there: its errors would tell nothing.
            if (execution.Fault(i + 1, calls[i]) is not { } fault)
                continue;
            faults.Add(fault);
            break;
        }

        return execution;
    }

    private ProposalFault? Fault(int number, ReadCall call)
    {
        var broken = call.Tool.Writes ? _pack.Guards.Broken(_environment.Db, call.Tool, call.Arguments) : [];
        var before = _environment.Diff();
        var result = _environment.Call(call.Tool, call.Arguments);
        var named = $"action {number}, {call}";
        if (result.IsError)
        {
            // A guard says nothing of a row that does not exist.
            if (MissingRow(call) is { } missing)
                return new(ProposalFaults.Row, $"{named}: {result.Text} ({missing})");
            return broken.FirstOrDefault(g => g.Enforced) is { } guard
                ? new(ProposalFaults.Refused, $"{named}: {result.Text} (clause {guard.Clause})")
                : new(ProposalFaults.Error, $"{named}: {result.Text}");
        }

        foreach (var guard in broken)
        {
            var clause = _pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name;
            AgainstPolicy.Add(new(ProposalFaults.Guard, $"{named}: clause {guard.Clause} forbids it: {clause}"));
        }

        if (call.Tool.Writes && _pack.Canon.Canonical(_environment.Diff()).Equals(_pack.Canon.Canonical(before)))
            AgainstPolicy.Add(new(ProposalFaults.NoEffect, $"{named} changes nothing in the data"));
        return null;
    }

    private string? MissingRow(ReadCall call)
    {
        foreach (var (entity, key) in NamedRows.Of(_pack, call))
        {
            if (_pack.Rows.Find(_environment.Db, entity, key) is null)
                return $"there is no {entity.Name} {EntityRows.Text(key)}";
        }

        return null;
    }
}
