using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;
using ConvoSynth.Export.Pairs;
using ConvoSynth.Export.Tokens;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Export.Exports;

/// <summary>Exports preference pairs.</summary>
internal static class PairExport
{
    public static ExportReport Write(ExportRequest request, PairFormat format, OutputFolder output, CancellationToken cancellationToken)
    {
        if (request.EachTurn)
            throw new ExportException($"--each-turn: {format.Name} is of pairs, each of which is one turn; leave the option out");
        if (request.Selection != new Selection.RowSelection())
            throw new ExportException(
                $"--near-duplicates, --most-per-intent and --shuffle are not for pairs ({format.Name}); leave them out"
            );
        if (request.Runs.Count < 2)
            throw new ExportException(
                $"--to {format.Name}: one run plays each task once, so it has no pairs; name two runs of one seed and the same packs"
            );
        if (request.PersonalData != Privacy.PersonalDataRule.None || request.Renaming is not null)
            throw new ExportException(
                $"--personal-data and --rename-tools are for dialogues, and {format.Name} is of pairs; leave them out"
            );
        var readers = request.Runs.Select(run => new RunReader(run)).ToArray();
        var tally = new LossTally(Holds.Nothing, lossy: false);
        var learned = new LearnedText();
        var rows = 0L;
        using var files = new SplitFiles<PreferencePair>(split => format.Begin(output, split));
        foreach (var (accepted, rejected) in TaskRows.Of(readers))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Each rejected row is paired once: a second accepted row would repeat its half of the pair.
            if (accepted.FirstOrDefault(request.Filter.Takes) is not { } chosen)
                continue;
            foreach (var refused in rejected)
            {
                rows++;
                var (pair, reason) = Divergence.Between(chosen, refused);
                if (pair is not null)
                    reason = format.Problem(pair) ?? (IsOver(request.Limit, pair) ? request.Limit!.Reason : null);
                if (reason is not null)
                {
                    tally.LeaveOut(reason);
                    continue;
                }

                files.Write(request.Splits.Of(chosen), pair!);
                learned.Add(pair!.Chosen);
            }
        }

        if (files.Records.Count == 0)
            throw new ExportException(
                rows == 0
                    ? "no task was accepted in one of the runs and rejected in another; name runs of one seed and the same packs"
                    : $"none of {rows} rejected rows makes a pair: "
                        + string.Join("; ", tally.LeftOut.Select(reason => $"{reason.Value}: {reason.Key}"))
            );
        Exporter.WriteCompanions(format, output, files.Splits, eachTurn: false);
        return new()
        {
            Format = format.Name,
            Writer = Exporter.Writer,
            Runs = [.. readers.Zip(request.Runs, (reader, run) => new ExportedRun(run.Name, RowsOf(reader)))],
            EachTurn = false,
            Rows = rows,
            Records = files.Records,
            LearnedMessages = learned.Messages,
            LearnedCharacters = learned.Characters,
            LeftOut = tally.LeftOut,
            Dropped = tally.Dropped,
            Files = files.Finish(),
        };
    }

    // The longer side counts.
    private static bool IsOver(TokenLimit? limit, PreferencePair pair) =>
        limit is not null
        && new[] { pair.Chosen, pair.Refused }.Any(side => limit.IsOver(pair.Context.Append(side), pair.Tools, text: null));

    private static long RowsOf(RunReader reader) =>
        reader.Shards(ShardSet.Accepted).Concat(reader.Shards(ShardSet.Rejected)).Sum(shard => shard.Rows);
}
