using System.CommandLine;
using ConvoSynth.Cli.Audits;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// <c>convosynth audit-verifier</c>: how the checks judge dialogues with a known fault, without one, and with random edits.
/// </summary>
internal static class AuditVerifierCommand
{
    private const int DefaultOfAKind = 200;
    private const int DefaultOfMutants = 10_000;
    private const int CleanForMutants = 500;

    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: another database of the pack's shape.",
    };
    private static readonly Option<int?> Count = new("--count")
    {
        Description = "Dialogues a kind of fault (200 by default); with --unlabelled, random edits in all (10000 by default).",
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "One seed, one set of dialogues and faults.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<int> Clean = new("--clean")
    {
        Description = "Dialogues without a fault, to see how many are wrongly rejected.",
        DefaultValueFactory = _ => 2000,
    };
    private static readonly Option<string[]> Kind = new("--kind") { Description = "Only these kinds of fault (default: all)." };
    private static readonly Option<string?> Slice = new("--slice")
    {
        Description = "Only tasks of this slice, with its agents that must fail.",
    };
    private static readonly Option<bool> Thoughts = new("--thoughts")
    {
        Description = "Only faults of the agent's thoughts, in dialogues with a thought before each call.",
    };
    private static readonly Option<string?> Recorded = new("--recorded")
    {
        Description =
            "A JSON file of recorded dialogues: faults are planted by editing those with reward 1 that pass, and " + "reported apart.",
    };
    private static readonly Option<string?> Tasks = new("--tasks") { Description = "A JSON file of the tasks of the recorded dialogues." };
    private static readonly Option<int> Show = new("--show")
    {
        Description = "Print the conversations of so many faults of each kind that were not caught.",
        DefaultValueFactory = _ => 0,
    };
    private static readonly Option<bool> Unlabelled = new("--unlabelled")
    {
        Description = "Random edits of clean dialogues instead of faults; lists those that are still accepted, to be read by people.",
    };

    public static Command Create()
    {
        var command = new Command(
            "audit-verifier",
            "Plant every kind of fault in dialogues and count what the checks catch; count clean dialogues that they reject.\n\n"
                + "Of each kind: planted; caught, by at least one of the checks that must catch it; "
                + "unsure, of these, by a check that could not tell; rejected, since any check failed;\n"
                + "undecided, since none failed and some could not tell; party, caught with the fault laid at the right door; "
                + "by, the reasons, those of the checks that must catch it marked *. "
                + "A tampered observation, which no role can make, and all\n"
                + "faults in recorded dialogues are made by editing the finished conversation. "
                + "The checks never see what was planted.\n"
                + "A needless read is caught if that very read is found needless; it is only noted. Reads of right dialogues are cut out "
                + "one by one: a read that a check then misses is needed.\n"
                + "Exit code 1 where a kind is caught in less than 99.5 %, more than 0.05 % of the clean dialogues are rejected, or more "
                + "than 0.05 % of the needed reads are found needless."
        )
        {
            Domain,
            Data,
            Count,
            Seed,
            CommonOptions.Combined,
            Clean,
            Kind,
            Slice,
            Thoughts,
            Recorded,
            Tasks,
            Unlabelled,
            Show,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var kinds = Chosen(
            parsed.GetValue(Kind) ?? [],
            parsed.GetValue(Thoughts) ? FaultKinds.OfThoughts : FaultKinds.OfTask(parsed.GetValue(Slice))
        );
        var unlabelled = parsed.GetValue(Unlabelled);
        var count = parsed.GetValue(Count) ?? (unlabelled ? DefaultOfMutants : DefaultOfAKind);
        if (count is < 1 or > 1_000_000)
            throw new CommandException($"--count is {count}; it must be from 1 to 1000000");
        if (parsed.GetValue(Clean) is < 0 or > 10_000_000)
            throw new CommandException($"--clean is {parsed.GetValue(Clean)}; it must be from 0 to 10000000");
        var (recordedFile, tasksFile) = (parsed.GetValue(Recorded), parsed.GetValue(Tasks));
        if (recordedFile is null != (tasksFile is null))
            throw new CommandException("--recorded and --tasks go together: the dialogues, and the tasks that they are about");
        if (recordedFile is not null)
            CommonOptions.ExistingFile(recordedFile, "--recorded");
        if (tasksFile is not null)
            CommonOptions.ExistingFile(tasksFile, "--tasks");
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(parsed.GetRequiredValue(Domain), parsed.GetValue(Data));
        if (recordedFile is not null)
            pack = pack.AsBenchmark();
        var thoughts = parsed.GetValue(Thoughts);
        if (thoughts && recordedFile is not null)
            throw new CommandException("--thoughts and --recorded exclude each other: recorded agents show no thoughts");
        var verifier = thoughts ? Verifier.Default(pack).WithThoughts() : Verifier.Default(pack);
        var seed = parsed.GetValue(Seed);
        var slice = parsed.GetValue(Slice);
        if (slice is not null && !Slices.All.Contains(slice, StringComparer.Ordinal))
            throw new CommandException($"--slice is \"{slice}\"; there are {string.Join(", ", Slices.All)}");
        if (slice is not null && recordedFile is not null)
            throw new CommandException("--slice and --recorded exclude each other: recorded dialogues have the tasks that they have");
        // A foreign database may not suit the sampler, so an audit of recorded dialogues uses only those.
        IAuditSource source = recordedFile is null
            ? new RehearsedDialogues(pack, seed, CommonOptions.CombinedOf(parsed), slice, thoughts)
            : RecordedSource.Read(pack, recordedFile, tasksFile!, seed, verifier);
        var isJson = parsed.GetValue(CommonOptions.Json);
        if (unlabelled)
        {
            var mutants = await MutantAudit.Run(
                source,
                pack.Name,
                verifier,
                count,
                source is RecordedSource r ? r.Passing : CleanForMutants,
                new((ulong)seed),
                cancellationToken
            );
            if (isJson)
                Console.WriteLine(AuditText.Of(mutants).ToString());
            else
                AuditText.Print(mutants, Console.Out);
            return 0;
        }

        var found = await FaultAudit.Kinds(source, verifier, kinds, count, cancellationToken);
        var clean =
            source is RecordedSource
                ? CleanResult.None
                : await FaultAudit.Clean(
                    source,
                    verifier,
                    kinds,
                    parsed.GetValue(Clean),
                    Math.Min(count, parsed.GetValue(Clean)),
                    cancellationToken
                );
        var reads = kinds.Contains(FaultKinds.NeedlessRead, StringComparer.Ordinal)
            ? await ReadAudit.Run(source, verifier, source is RecordedSource all ? all.Rewarded : parsed.GetValue(Clean), cancellationToken)
            : ReadResult.None;
        var report = new AuditReport(source.Text, pack.Name, found, clean) { Reads = reads };
        var note = source is RecordedSource recorded
            ? $"{recorded.Rewarded} dialogues with reward 1, of which {recorded.Passing} pass the checks and carry the faults"
            : null;
        if (isJson)
            Console.WriteLine(AuditText.Of(report, note).ToString());
        else
            AuditText.Print(report, note, Console.Out);
        if (!isJson)
            AuditText.Missed(report, parsed.GetValue(Show), Console.Out);
        return report.Shortfalls().Any() ? 1 : 0;
    }

    private static System.Collections.Immutable.ImmutableArray<string> Chosen(
        string[] given,
        System.Collections.Immutable.ImmutableArray<string> possible
    )
    {
        foreach (var kind in given)
        {
            if (!FaultKinds.All.Contains(kind, StringComparer.Ordinal))
                throw new CommandException($"--kind names \"{kind}\"; there are {string.Join(", ", FaultKinds.All)}");
        }

        return given.Length == 0 ? possible : [.. FaultKinds.All.Where(k => given.Contains(k, StringComparer.Ordinal))];
    }
}
