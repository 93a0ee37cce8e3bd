using System.Collections.Concurrent;
using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Journal;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Calibrations;

/// <summary>The settings of a calibration.</summary>
/// <param name="Dialogues">How many dialogues each seat judges, about half of them with a planted fault.</param>
/// <param name="Seed">Decides the dialogues and faults.</param>
/// <param name="Concurrency">Dialogues judged at once.</param>
public sealed record CalibrationOptions(int Dialogues, long Seed, int Concurrency)
{
    public JudgeBounds Bounds { get; init; } = JudgeBounds.Usual;
}

/// <summary>
/// Lets every seat judge rehearsed dialogues, with and without a planted fault, in the form in which a run asks. The seats learn neither
/// of the fault, nor of the checks' verdicts, nor of each other.
/// </summary>
public sealed class JudgeCalibration(IRunInputs inputs, TimeProvider time)
{
    // A seat that gives no answer so often in a row is asked no more: each further silence costs its whole timeout.
    private const int SilencesInARow = 5;
    private const double PlantedShare = 0.5;
    private const int TriesAgain = 1;

    /// <summary>Keeps each answer before it is used, so that a calibration that was stopped goes on without paying for it again.</summary>
    /// <value>Null by default: a calibration that is stopped begins anew.</value>
    public IJournal? Journal { get; init; }

    /// <inheritdoc cref="EndpointModelsOptions.Batches"/>
    public Func<string, IBatchLog>? Batches { get; init; }

    /// <param name="spec">A run on endpoints with judges.</param>
    /// <exception cref="RunException">The spec names no judge, or no dialogue could be made.</exception>
    public async Task<CalibrationReport> Run(RunSpec spec, CalibrationOptions options, CancellationToken cancellationToken)
    {
        if (spec.Roles is not { Judges.IsEmpty: false } roles)
            throw new RunException("the spec names no judge to calibrate; name the seats under `roles: judges:`");
        var rehearsed = Rehearsed(spec, options);
        var judged = Judged(spec, roles, options, rehearsed);
        var setups = new RunSetups(inputs, time) { Batches = Batches };
        var (playing, judging) = (setups.For(rehearsed), setups.For(judged));
        using var models = setups.EndpointsFor(judged);
        SeatTally[] seats = [.. roles.Judges.Select(s => new SeatTally(s, spec.Endpoints.First(e => e.Name == s.Endpoint)))];
        var cases = new ConcurrentBag<JudgedCase>();
        await Parallel.ForAsync(
            0L,
            options.Dialogues,
            new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                if (await Played(playing, index, token) is { } dialogue)
                    cases.Add(dialogue with { Seats = await Task.WhenAll(seats.Select(s => Ask(judging, s, dialogue, token))) });
            }
        );
        return cases.IsEmpty
            ? throw new RunException("no dialogue could be made to judge; look at the packs with: convosynth packs accept")
            : await CalibrationFigures.Of(spec, options, seats, [.. cases.OrderBy(c => c.Index)], cancellationToken);
    }

    private static RunSpec Rehearsed(RunSpec spec, CalibrationOptions options) =>
        spec with
        {
            RunId = "calibration-dialogues",
            Model = RehearsalModel.ModelName,
            Endpoints = [],
            Roles = null,
            Count = options.Dialogues,
            Seed = options.Seed,
            FaultRate = PlantedShare,
            ErrorRate = 0,
            PackHashes = [],
            PromptHashes = [],
        };

    // The test endpoint composes the dialogues again to know where a fault is; no other endpoint is told the fault rate.
    private static RunSpec Judged(RunSpec spec, RoleEndpoints roles, CalibrationOptions options, RunSpec rehearsed) =>
        rehearsed with
        {
            RunId = "calibration",
            Model = RunSpec.OnEndpoints,
            Endpoints = [.. spec.Endpoints.Select(e => e with { Retries = Math.Min(e.Retries, TriesAgain), Fallback = null })],
            Roles = roles with { Judges = [.. roles.Judges.Select(s => s with { Barred = null })] },
            FaultRate = spec.Endpoints.Any(e => e.Rehearsal) ? PlantedShare : 0,
        };

    private static async Task<JudgedCase?> Played(RunSetup setup, long index, CancellationToken cancellationToken)
    {
        Blueprint blueprint;
        try
        {
            blueprint = await setup.Blueprints.Make(index, cancellationToken);
        }
        catch (BlueprintException)
        {
            return null; // As in a run, an index without a task has no dialogue.
        }

        var played = await DialogueRunner.Run(setup, index, 0, blueprint, cancellationToken);
        return new(played.Trajectory, played.PlantedFault);
    }

    private async Task<SeatAnswers> Ask(RunSetup setup, SeatTally seat, JudgedCase dialogue, CancellationToken cancellationToken)
    {
        if (seat.SilentInARow >= SilencesInARow)
            return new(Ballot.None("it was asked no more"), []);
        SeatAnswers answers;
        try
        {
            var pack = setup.PackOf(dialogue.Trajectory.Blueprint);
            var judge = setup.JudgeOf(seat.Spec.Name, pack, new(setup.Spec.RunId, dialogue.Index, 0), Journal);
            var ballot = await judge.VoteAsync(dialogue.Question, cancellationToken);
            seat.Add(ballot);
            answers = new(ballot, ballot.Problem is null ? await Settled(judge, seat, dialogue, cancellationToken) : []);
            seat.SilentInARow = 0;
        }
        catch (Exception e) when (e is not JournalException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever keeps a seat from voting is a figure of the seat, and the other seats go on.
            answers = new(Ballot.None(e.Message), []);
            seat.Add(answers.Ballot);
            seat.SilentInARow++;
        }

        return answers;
    }

    // As a run settles what checks leave open, with this seat as the only judge.
    private static async Task<ImmutableArray<Outcome>> Settled(
        IJudgeSeat judge,
        SeatTally seat,
        JudgedCase dialogue,
        CancellationToken cancellationToken
    )
    {
        if (!dialogue.HasQuestions)
            return [];
        var (before, alone) = (dialogue.Trajectory.Verdicts, new Committee([judge]));
        var after = await Judging.SettleAsync(
            before,
            dialogue.Trajectory.Conversation,
            dialogue.Trajectory.Blueprint,
            alone,
            cancellationToken
        );
        seat.Paid(alone.Calls);
        return [.. before.Zip(after).Where(v => v.First.Outcome == Outcome.Unsure).Select(v => v.Second.Outcome)];
    }
}

/// <summary>A dialogue with what is known of it, and what all seats said of it, in order.</summary>
/// <param name="Fault">The planted fault; null for a clean dialogue.</param>
internal sealed record JudgedCase(Trajectory Trajectory, string? Fault)
{
    public SeatAnswers[] Seats { get; init; } = [];

    public long Index => Trajectory.Index;

    public CommitteeQuestion Question { get; } = CommitteeQuestion.Of(Trajectory);

    /// <summary>Whether no check rejects it.</summary>
    public bool IsLeftOpen { get; } = !Trajectory.Verdicts.Any(v => v.Outcome == Outcome.Fail);

    /// <summary>Whether a run would put single questions to judges.</summary>
    public bool HasQuestions => IsLeftOpen && Trajectory.Verdicts.Any(v => v.Outcome == Outcome.Unsure);
}

/// <summary>What one seat said of a dialogue.</summary>
/// <param name="Settled">What became of each unsure verdict.</param>
internal sealed record SeatAnswers(Ballot Ballot, ImmutableArray<Outcome> Settled);

/// <summary>A seat's counts during a calibration.</summary>
internal sealed class SeatTally(SeatSpec spec, EndpointSpec endpoint)
{
    private readonly Lock _lock = new();
    private readonly List<ModelCall> _calls = [];
    private volatile int _silentInARow;

    public SeatSpec Spec => spec;

    public EndpointSpec Endpoint => endpoint;

    public int NoVote { get; private set; }

    public string? Problem { get; private set; }

    public PaidUsage Usage => PaidUsage.Of([.. _calls]);

    /// <summary>A bound on the cost of silence and no figure, so that a lost count does no harm.</summary>
    public int SilentInARow
    {
        get => _silentInARow;
        set => _silentInARow = value;
    }

    public void Add(Ballot ballot)
    {
        lock (_lock)
        {
            _calls.AddRange(ballot.Calls);
            if (ballot.Problem is not { } problem)
                return;
            NoVote++;
            Problem = problem;
        }
    }

    public void Paid(IEnumerable<ModelCall> calls)
    {
        lock (_lock)
            _calls.AddRange(calls);
    }
}
