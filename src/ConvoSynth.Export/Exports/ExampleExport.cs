using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;
using ConvoSynth.Export.Losses;
using ConvoSynth.Export.Privacy;
using ConvoSynth.Export.Renames;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Exports;

/// <summary>Exports examples for supervised training.</summary>
internal static class ExampleExport
{
    private static readonly string[] Columns =
    [
        "id",
        "domain",
        "status",
        "family_id",
        "intent",
        "slice",
        "messages",
        "message_meta",
        "tools",
        "tools_timeline",
        "passes",
        "pack_hash",
        "world",
    ];

    public static ExportReport Write(ExportRequest request, ExampleFormat format, OutputFolder output, CancellationToken cancellationToken)
    {
        var eachTurn = request.EachTurn || format.IsOfTurns;
        var holds = format.HoldsOf(eachTurn);
        if (eachTurn && !holds.HasFlag(Holds.Masks))
            throw new ExportException(
                $"--each-turn: {format.Name} has no mask, so each example would teach the earlier answers again; leave the option out"
            );
        var losses = new LossTally(holds, request.Lossy);
        var learned = new LearnedText();
        using var personal = PersonalRows.Of(request);
        using var renamed = request.Renaming is { } renaming ? new RenamedRows(renaming, output) : null;
        var runs = new List<ExportedRun>();
        var rows = 0L;
        using var files = new SplitFiles<Example>(split => format.Begin(output, split, eachTurn));
        foreach (var row in request.Selection.Of(Taken(request, runs, cancellationToken), output, losses))
        {
            rows++;
            if (personal?.Reason(row) is { } found && request.PersonalData == PersonalDataRule.Drop)
            {
                losses.LeaveOut(found);
                continue;
            }

            var made = RowExamples.Of(renamed?.Of(row) ?? row, eachTurn);
            if (made.Problem is { } problem)
                losses.LeaveOut(problem);
            foreach (var example in made.Examples.Where(losses.Admits))
            {
                var reason = format.Problem(example);
                if (reason is null && request.Limit is { } limit && limit.IsOver(example.Messages, example.Tools, format.TextOf(example)))
                    reason = limit.Reason;
                if (reason is not null)
                {
                    losses.LeaveOut(reason);
                    continue;
                }

                files.Write(request.Splits.Of(row), example);
                learned.Add(example);
            }

            losses.Drop(LossTally.Tail, made.Cut);
        }

        if (files.Records.Count == 0)
            throw new ExportException(NothingWritten(rows, losses));
        Exporter.WriteCompanions(format, output, files.Splits, eachTurn);
        return new()
        {
            Format = format.Name,
            Writer = Exporter.Writer,
            Runs = runs,
            EachTurn = eachTurn,
            Rows = rows,
            Records = files.Records,
            LearnedMessages = learned.Messages,
            LearnedCharacters = learned.Characters,
            LeftOut = losses.LeftOut,
            Dropped = losses.Dropped,
            PersonalData = personal?.Report,
            Files = [.. files.Finish(), .. renamed?.Finish() ?? []],
        };
    }

    // The rows that pass the filter; each run is counted when it has been read.
    private static IEnumerable<ShardRow> Taken(ExportRequest request, List<ExportedRun> runs, CancellationToken cancellationToken)
    {
        foreach (var run in request.Runs)
        {
            var read = 0L;
            foreach (var row in RowsOf(new RunReader(run), request))
            {
                cancellationToken.ThrowIfCancellationRequested();
                read++;
                if (request.Filter.Takes(row))
                    yield return row;
            }

            runs.Add(new(run.Name, read));
        }
    }

    private static IEnumerable<ShardRow> RowsOf(RunReader reader, ExportRequest request)
    {
        var withUndecided = request.Filter.Undecided || request.Filter.Profile is not null;
        ShardSet[] sets = withUndecided ? [ShardSet.Accepted, ShardSet.Undecided] : [ShardSet.Accepted];
        var columns = request.PersonalData == PersonalDataRule.None ? Columns : [.. Columns, .. PersonalRows.Columns];
        return sets.SelectMany(set => reader.Rows(set, columns));
    }

    private static string NothingWritten(long rows, LossTally losses) =>
        rows == 0
            ? "no row passes the filter, so there is nothing to export"
            : $"all {rows} rows are left out, so there is nothing to export: "
                + string.Join("; ", losses.LeftOut.Select(reason => $"{reason.Value} with {reason.Key}"));
}
