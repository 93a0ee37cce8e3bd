using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>
/// Audits how the verification judges needed reads. It cuts each read out of a right dialogue and lets all checks judge the rest: a read
/// without which a check finds something new is needed, whatever the verification says of it.
/// </summary>
internal static class ReadAudit
{
    public static async Task<ReadResult> Run(IAuditSource source, Verifier verifier, long count, CancellationToken cancellationToken)
    {
        var parts = new ReadResult[count];
        await Parallel.ForAsync(
            0,
            count,
            cancellationToken,
            async (index, token) => parts[index] = await source.Right(index, token) is { } right ? Of(right, verifier) : ReadResult.None
        );
        return parts.Aggregate(ReadResult.None, (all, part) => all.And(part));
    }

    private static ReadResult Of(AuditedDialogue right, Verifier verifier)
    {
        var trace = Trace.Run(right.Pack, right.Blueprint, right.Conversation);
        var result = verifier.Verify(trace);
        var found = Found(result);
        long needed = 0,
            flagged = 0,
            needless = 0;
        var examples = ImmutableArray.CreateBuilder<string>();
        for (var at = 0; at < right.Conversation.Messages.Length; at++)
        {
            // Several calls in a message are cut together and tell nothing of each.
            if (result.Meta[at].Needed is not [{ } isNeeded] || trace.Calls.First(c => c.Message == at).Tool is not { Writes: false } tool)
                continue;
            if (tool.Kind != Domains.ToolKind.Read)
                continue;
            var cut = ConversationFaults.Without(right.Pack, right.Blueprint, right.Conversation, at);
            if (Found(verifier.Verify(right.Pack, right.Blueprint, cut)).FirstOrDefault(f => !found.Contains(f)) is not { } missed)
            {
                needless += isNeeded ? 0 : 1;
                continue;
            }

            needed++;
            if (isNeeded)
                continue;
            flagged++;
            examples.Add($"{right.Id}: {tool.Name} in message {at}; without it {missed}");
        }

        return new(needed, flagged, needless, examples.ToImmutable());
    }

    // A cut changes who speaks after whom and how often; that says nothing of what was read.
    private static HashSet<string> Found(VerificationResult result) =>
        result
            .Verdicts.Where(v => v.Rejects && v.Stage is not ("format" or "conversation"))
            .Select(v => v.Reason)
            .ToHashSet(StringComparer.Ordinal);
}
