using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;

namespace ConvoSynth.Runs.Specs;

/// <summary>The hashes of prompts in a spec: each <c>role hash</c>, for the roles of the run.</summary>
public static class PromptHashes
{
    public static ImmutableArray<string> Of(PromptSet prompts, RoleEndpoints? roles) =>
        prompts.Hashes(roles) is var hashes ? [.. hashes.Keys.Select(r => $"{r} {hashes[r].Text}")] : [];

    /// <summary>The roles whose prompt differs or exists on one side only, in order.</summary>
    public static IReadOnlyList<string> Changed(ImmutableArray<string> then, ImmutableArray<string> now) =>
        [
            .. then.Except(now, StringComparer.Ordinal)
                .Concat(now.Except(then, StringComparer.Ordinal))
                .Select(h => h.Split(' ')[0])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}
