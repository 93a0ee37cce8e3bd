using ConvoSynth.Core.Verdicts;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Replays;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Promotions;

/// <summary>What a promotion did.</summary>
/// <param name="Accepted">Rows that people accepted.</param>
/// <param name="Rejected">Rows that people rejected.</param>
/// <param name="Revised">Rows that people edited.</param>
/// <param name="Tied">Rows on which as many reviewers say the contrary; they stay as the checks left them.</param>
/// <param name="ByRule">Accepted and rejected rows that were decided with others of their kind.</param>
public sealed record Promoted(long Rows, int Accepted, int Rejected, int Revised, int Tied, int ByRule);

/// <summary>
/// Writes a new revision of a run with the decisions of its reviewers applied. The run itself does not change. A row keeps its id, so the
/// old and the new run together hold the pair of a rejected dialogue and its revision.
/// </summary>
public static class Promotion
{
    public const string LabelSource = "human";

    /// <summary>Of rows that were decided with others of their kind.</summary>
    public const string RuleSource = "rule";

    /// <param name="run">The path of a run that has ended.</param>
    /// <param name="target">The folder of the new run.</param>
    /// <exception cref="ReviewException">There are no decisions, or an edited dialogue fails its checks.</exception>
    /// <exception cref="ConvoSynth.Runs.RunException">The run cannot be read, or the target is in use.</exception>
    public static Promoted Write(string run, string target, bool noCheck, TimeProvider time)
    {
        using var finished = FinishedRun.Open(RunPlace.OnDisk(run), noCheck);
        using var log = new DecisionLog(run, time);
        var standing = new Standing(log.Entries);
        if (!standing.Rows.Any() && !standing.Kinds.Any())
            throw new ReviewException($"{run} has no decisions to apply; make some by convosynth review");
        using var dialogues = new EditedDialogue(finished.Folder, time);
        var folders = finished.Target(RunPlace.OnDisk(target));
        SpecFile.Require(folders.Folder, finished.Spec, resume: false);
        var rows = new DecidedRows(standing, RulesOf(standing, finished.Folder, time), dialogues);
        try
        {
            WriteRows(finished, dialogues, folders, rows);
        }
        catch
        {
            // The target was empty or absent, so all of it is this promotion's.
            Directory.Delete(target, recursive: true);
            throw;
        }

        RunClosing.Write(
            folders.Folder,
            dialogues.Setup,
            RunSummary.Count(finished.Spec, folders.Folder),
            $"convosynth promote {finished.Folder.Name}"
        );
        return rows.Done;
    }

    private static void WriteRows(FinishedRun finished, EditedDialogue dialogues, RunFolders folders, DecidedRows rows)
    {
        folders.Folder.Create();
        SpecFile.Begin(folders.Folder, finished.Spec);
        KeptInputs.Keep(folders.Folder, dialogues.Setup, dialogues.Inputs);
        foreach (var partition in RunManifest.Read(finished.Folder).Commits.GroupBy(commit => commit.Partition))
        {
            using var shards = PartitionShards.Open(folders.Folder, partition.Key, null, folders.Format, folders.Limits);
            foreach (var index in InOrder(finished.Folder, partition))
                shards.Append(index[0].Index, [.. index.Select(rows.Apply)]);
            shards.Commit();
        }
    }

    private static IReadOnlyDictionary<string, Decision> RulesOf(Standing standing, RunFolder run, TimeProvider time)
    {
        if (!standing.Kinds.Any())
            return new Dictionary<string, Decision>(StringComparer.Ordinal);
        using var tables = new RunTables(run, time);
        var kinds = new RunKinds(tables);
        return KindRule.Rulings(standing, kind => kinds.RowsOf(kind.Check, kind.Shape));
    }

    // Each set of a partition is in the order of indexes.
    private static IEnumerable<List<ShardRow>> InOrder(RunFolder run, IEnumerable<CommitRecord> commits)
    {
        var reader = new RunReader(run);
        foreach (var commit in commits.OrderBy(commit => commit.Sequence))
        {
            var rows = commit
                .Shards()
                .SelectMany(entry =>
                {
                    using var file = reader.Open(entry.Shard);
                    return file.Read().ToArray();
                });
            foreach (var index in rows.GroupBy(row => row.Index).OrderBy(group => group.Key))
                yield return [.. index.OrderBy(row => row.Attempt)];
        }
    }
}

/// <summary>Applies decisions to rows.</summary>
internal sealed class DecidedRows(Standing standing, IReadOnlyDictionary<string, Decision> rules, EditedDialogue dialogues)
{
    private long _rows;
    private int _accepted;
    private int _rejected;
    private int _revised;
    private int _tied;
    private int _byRule;

    public Promoted Done => new(_rows, _accepted, _rejected, _revised, _tied, _byRule);

    public ShardRow Apply(ShardRow row)
    {
        _rows++;
        var decision = standing.Settled(row.Id, out var tied);
        if (tied)
            _tied++;
        var source = decision is null ? Promotion.RuleSource : Promotion.LabelSource;
        decision ??= tied ? null : rules.GetValueOrDefault(row.Id);
        if (source == Promotion.RuleSource && decision is not null)
            _byRule++;
        switch (decision?.Ruling)
        {
            case Ruling.Accept:
                _accepted++;
                return row with { Status = RowStatus.Accepted, RejectReasons = [], UndecidedReasons = [], LabelSource = source };
            case Ruling.Reject:
                _rejected++;
                return row with
                {
                    Status = RowStatus.Rejected,
                    RejectReasons = row.RejectReasons.Count > 0 ? row.RejectReasons : [$"review.{decision.Fault ?? "rejected"}"],
                    UndecidedReasons = [],
                    Passes = [],
                    LabelSource = source,
                };
            case Ruling.Revise:
                _revised++;
                return Revised(row, decision);
            default:
                return row;
        }
    }

    private ShardRow Revised(ShardRow row, Decision decision)
    {
        var played = dialogues.Play(row, decision.Turns!);
        if (played.Status == RowStatus.Rejected)
            throw new ReviewException(
                $"the edited dialogue of {row.Id} fails {string.Join(", ", played.RejectReasons)} now; edit it again, or take the edit back"
            );
        var made = TrajectoryRows.RowOf(dialogues.Spec, played, null, []);
        return made with
        {
            Status = RowStatus.Accepted,
            UndecidedReasons = [],
            LabelSource = Promotion.LabelSource,
            Models = row.Models,
            PromptHashes = row.PromptHashes,
        };
    }
}
