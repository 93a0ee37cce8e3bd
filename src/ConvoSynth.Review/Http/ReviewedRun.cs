using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Exchange;
using ConvoSynth.Review.Pages;
using ConvoSynth.Review.Queues;
using ConvoSynth.Review.Replays;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Review.Http;

/// <summary>The run that a server shows, with its decisions.</summary>
internal sealed class ReviewedRun : IDisposable
{
    // So many rows after the one at hand are searched for a free row.
    private const int Ahead = 200;

    private readonly DecisionLog _log;
    private readonly QueueFile _queues;
    private Counted _counted = new([], new([]));

    public ReviewedRun(ReviewSettings settings, TimeProvider time)
    {
        Folder = RunFolders.OpenExisting(RunPlace.OnDisk(settings.Run), !settings.ChecksShards);
        Spec = SpecFile.Read(Folder);
        if (SpecFile.FormatOf(Folder) is var format && format < RunFormat.TellsUndecided)
            throw new ReviewException(
                $"{settings.Run} has the format {format}, which keeps undecided rows among the rejected; "
                    + "make a run of today's format by convosynth verify"
            );
        _log = new(settings.Run, time);
        _queues = new(settings.Run);
        Tables = new(Folder, time);
        Dialogues = new(Folder, time);
        Claims = new(settings.Run, time);
        Time = time;
    }

    public RunFolder Folder { get; }

    public Core.Campaigns.RunSpec Spec { get; }

    public RunTables Tables { get; }

    public RunCounts Counts => new(Tables);

    public RunKinds Kinds => new(Tables);

    public RunLabels Labels => new(Tables);

    public IReadOnlyList<ReviewQueue> Queues => _queues.Read(Counts);

    public IReadOnlyList<Decision> Entries => _log.Entries;

    public EditedDialogue Dialogues { get; }

    public Claims Claims { get; }

    public TimeProvider Time { get; }

    public string Name => Folder.Name;

    /// <summary>Whether no more rows come: the summary is written last.</summary>
    public bool HasEnded => Folder.ReadFile(RunSummary.FileName) is not null;

    /// <summary>How many of the planned dialogues are committed now.</summary>
    public long DialoguesNow()
    {
        Tables.Refresh();
        return Tables.Dialogues;
    }

    /// <summary>What holds now. It is counted again only when the log has grown: a page asks several times.</summary>
    public Standing Standing()
    {
        var entries = _log.Entries;
        if (!ReferenceEquals(_counted.Entries, entries))
            _counted = new(entries, new(entries));
        return _counted.Standing;
    }

    public Task Keep(Decision decision, CancellationToken cancellationToken) => _log.Append(decision, cancellationToken);

    public void SetQueues(IReadOnlyList<ReviewQueue> queues) => _queues.Write(queues);

    public QueueDraw Draw(string reviewer) => new(Tables, Standing(), reviewer);

    /// <summary>Whether the reviewer has said anything of a row, taken back or not.</summary>
    public bool HasSpoken(string row, string reviewer) => _log.Entries.Any(d => d.Row == row && d.Reviewer == reviewer);

    /// <summary>Whether a session draws rows that measure the reviewer, who then sees no verdict before the own decision.</summary>
    public bool IsBlind(RowView view) =>
        view.Queue is { } name && Queues.Any(q => q.HasControls && (q.Name == name || (name == ReviewQueue.All && q.Share > 0)));

    /// <summary>Takes up the decisions of a table.</summary>
    public async Task<Imported> Import(string path, string reviewer, CancellationToken cancellationToken)
    {
        var decisions = new DecisionImport(Tables, Dialogues, Time).Of(path, reviewer, Standing(), out var lines);
        await _log.AppendAll(decisions, cancellationToken);
        return new(lines, decisions.Count);
    }

    /// <summary>The pages before and after a row in a view. After it comes the first that the reviewer has not decided.</summary>
    public (string? Before, string? Next) Around(RowView view, string id, string reviewer)
    {
        var (before, after) = Open(view, id, reviewer);
        return (Link(before, view), Link(after.FirstOrDefault(row => Claims.Other(row, reviewer) is null), view));
    }

    /// <summary>
    /// Claims the next free row of a view for the reviewer, and returns its page; null if none is left. The claim is made here and not when
    /// the page is read: else two reviewers who decide at once would both be sent to one row.
    /// </summary>
    public string? ClaimNext(RowView view, string id, string reviewer) =>
        Link(Open(view, id, reviewer).After.FirstOrDefault(row => Claims.Take(row, reviewer) is null), view);

    /// <summary>Claims the first row that waits in a queue; null if none does.</summary>
    public string? ClaimFirst(RowView view, string reviewer) =>
        Waiting(view, null, reviewer).FirstOrDefault(row => Claims.Take(row, reviewer) is null);

    private (string? Before, IEnumerable<string> After) Open(RowView view, string id, string reviewer)
    {
        if (view.Queue is not null)
            return (null, Waiting(view, id, reviewer).Where(row => row != id));
        var standing = Standing();
        var (before, after) = Tables.Around(view, id, DecidedIn(view, standing, reviewer), Ahead);
        return (before, after.Where(row => standing.Of(row, reviewer) is null));
    }

    private IEnumerable<string> Waiting(RowView view, string? id, string reviewer)
    {
        var (draw, queues) = (Draw(reviewer), Queues);
        if (view.Queue == ReviewQueue.All)
            return draw.Rows(queues, id);
        return draw.Rows(
            queues.FirstOrDefault(q => q.Name == view.Queue) ?? throw new ReviewException($"the run has no queue \"{view.Queue}\"")
        );
    }

    /// <summary>The rows that count as decided in a view.</summary>
    public static IReadOnlyCollection<string> DecidedIn(RowView view, Standing standing, string reviewer) =>
        view.Decided == "open" ? [.. standing.Rows] : standing.By(reviewer);

    private static string? Link(string? id, RowView view) => id is null ? null : RowLink.Of(id, view);

    public void Dispose()
    {
        _log.Dispose();
        Dialogues.Dispose();
        Tables.Dispose();
    }

    private sealed record Counted(IReadOnlyList<Decision> Entries, Standing Standing);
}
