using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Proposals;

/// <summary>The names of what a stage may find in a proposal, each as <c>stage.reason</c>.</summary>
public static class ProposalFaults
{
    public const string Format = "format";
    public const string Execution = "execution";
    public const string Policy = "policy";
    public const string Committee = "committee";

    /// <summary>The answer is no JSON of the wanted shape.</summary>
    public const string Shape = "format.shape";

    /// <summary>The words of the human's notes cannot be used: empty, too long, or with marks.</summary>
    public const string Words = "format.words";
    public const string Tool = "format.tool";
    public const string Arguments = "format.arguments";

    /// <summary>A call names a row that does not exist.</summary>
    public const string Row = "execution.row";

    /// <summary>The environment refuses a call for a guard.</summary>
    public const string Refused = "execution.guard";
    public const string Error = "execution.error";

    /// <summary>A call that the environment carries out breaks a guard.</summary>
    public const string Guard = "policy.guard";

    /// <summary>A silent agent would be right.</summary>
    public const string Nothing = "policy.nothing";
    public const string NoEffect = "policy.no_effect";

    /// <summary>The rows belong to several people, or to none.</summary>
    public const string Owner = "policy.owner";
    public const string Output = "policy.output";

    /// <summary>The instruction lacks what a call needs.</summary>
    public const string Fact = "policy.fact";

    /// <summary>The instruction says what the human cannot know.</summary>
    public const string Leak = "policy.leak";

    /// <summary>No plan of reads leads to the calls.</summary>
    public const string Plan = "policy.plan";
    public const string MustFail = "policy.must_fail";

    /// <summary>A scripted agent that plays the task by its plan fails a check.</summary>
    public const string Rehearsal = "policy.rehearsal";

    /// <summary>The task repeats an excluded task.</summary>
    public const string Known = "policy.known";

    /// <summary>The stages in their order.</summary>
    public static ImmutableArray<string> Stages { get; } = [Format, Execution, Policy, Committee];
}

/// <summary>A task that passed all stages that compute, or why it did not.</summary>
/// <param name="Blueprint">Null with faults.</param>
public sealed record CheckedProposal(Blueprint? Blueprint, ImmutableArray<ProposalFault> Faults)
{
    internal static CheckedProposal Refused(IEnumerable<ProposalFault> faults) => new(null, [.. faults]);
}
