using System.CommandLine;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary>The options of a run from the command line, else from the spec, else by default.</summary>
internal sealed class RunValues(ParseResult parsed, RunFile file)
{
    private static readonly Dictionary<string, Option> Options = new([
        Declared(RunOptions.Domains),
        Declared(RunOptions.Data),
        Declared(RunOptions.Blueprints),
        Declared(RunOptions.ExcludeTasks),
        Declared(RunOptions.Count),
        Declared(RunOptions.Seed),
        Declared(RunOptions.FaultRate),
        Declared(RunOptions.ErrorRate),
        new(RunOptions.Combined.Key, CommonOptions.Combined),
        Declared(RunOptions.Recombine),
        new(RunOptions.Slices.Key, CommonOptions.Slices),
        Declared(RunOptions.Rounds),
        Declared(RunOptions.Keep),
        Declared(RunOptions.Worlds),
        Declared(RunOptions.MaxNeedless),
        Declared(RunOptions.Thoughts),
        Declared(RunOptions.FurtherAttempts),
        Declared(RunOptions.PartitionSize),
        new(RunOptions.Concurrency.Key, CommonOptions.Concurrency),
        new(RunOptions.Accept.Key, CommonOptions.Accept),
        Declared(BudgetOptions.MaxCost),
        Declared(BudgetOptions.MaxTokens),
        Declared(BudgetOptions.MaxDuration),
        Declared(ProposalOptions.Proposer),
        Declared(ProposalOptions.Rounds),
        Declared(ProposalOptions.Share),
        Declared(ProposalOptions.Summarizer),
        Declared(ProposalOptions.Examples),
    ]);

    public RunFile File => file;

    /// <exception cref="CommandException">The value is out of range.</exception>
    public int Concurrency =>
        IsGiven(parsed, CommonOptions.Concurrency) || file.Of(RunOptions.Concurrency) is not { } inFile
            ? CommonOptions.ConcurrencyOf(parsed)
            : inFile;

    public static void AddTo(Command command)
    {
        foreach (var option in RunOptions.All)
        {
            if (option.Name is not null)
                command.Options.Add(Options[option.Key]);
        }
    }

    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Null if neither says it and there is no default.</summary>
    public T? Of<T>(RunOption<T> option)
    {
        if (Options.GetValueOrDefault(option.Key) is Option<T> given && IsGiven(parsed, given))
            return parsed.GetValue(given);
        return file.Of(option) is { } value ? value : option.Default;
    }

    // Each world has a partition, so that a short run reaches all of its worlds.
    private int UsualPartitionSize
    {
        get
        {
            var (count, worlds) = (Of(RunOptions.Count) ?? RunOptions.UsualCount, Of(RunOptions.Worlds)!.Value);
            return worlds > 1 ? (int)Math.Clamp(count / worlds, 1, RunOptions.UsualPartitionSize) : RunOptions.UsualPartitionSize;
        }
    }

    // A band of pass rates says nothing without several dialogues a task.
    private int Rounds =>
        Of(RunOptions.Keep) is not null && file.Of(RunOptions.Rounds) is null && !IsGiven(parsed, Options[RunOptions.Rounds.Key])
            ? KeepBand.UsualRounds
            : Of(RunOptions.Rounds)!.Value;

    /// <summary>All of a spec but its endpoints.</summary>
    /// <exception cref="CommandException">A value is none that the option takes.</exception>
    public RunSpec Spec(string runId, string model) =>
        new()
        {
            RunId = runId,
            Model = model,
            Domains = [.. Of(RunOptions.Domains)!],
            Data = Of(RunOptions.Data),
            Blueprints = Of(RunOptions.Blueprints) is { } tasks ? CommonOptions.ExistingFile(tasks, RunOptions.Blueprints.Name!) : null,
            ExcludeTasks = Of(RunOptions.ExcludeTasks) is { Length: > 0 } files
                ? [.. files.Select(f => CommonOptions.ExistingFile(f, RunOptions.ExcludeTasks.Name!))]
                : null,
            Count = Of(RunOptions.Count) ?? RunOptions.UsualCount,
            Seed = Of(RunOptions.Seed)!.Value,
            FaultRate = Of(RunOptions.FaultRate)!.Value,
            ErrorRate = Of(RunOptions.ErrorRate)!.Value,
            Combined = Of(RunOptions.Combined)!.Value,
            Recombine = Of(RunOptions.Recombine)!.Value,
            Slices = Of(RunOptions.Slices),
            // One round is what a spec without the field has.
            Rounds = Rounds is var rounds && rounds == 1 ? 0 : rounds,
            Keep = Of(RunOptions.Keep),
            Worlds = Of(RunOptions.Worlds)!.Value,
            MaxNeedless = Of(RunOptions.MaxNeedless),
            Thoughts = Of(RunOptions.Thoughts)!.Value,
            FurtherAttempts = Of(RunOptions.FurtherAttempts)!.Value,
            EarlyStop = Of(RunOptions.EarlyStop),
            Accept = Of(RunOptions.Accept) is { } profile ? CommonOptions.ProfileOf(profile) : Profile.Strict,
            PartitionSize = Of(RunOptions.PartitionSize) ?? UsualPartitionSize,
        };

    /// <summary>The tasks that a model proposes; null if no proposer is named.</summary>
    /// <exception cref="CommandException">An option of proposals is given without a proposer.</exception>
    public ProposalSpec? Proposals
    {
        get
        {
            if (Of(ProposalOptions.Proposer) is not { } endpoint)
                return
                    Given(ProposalOptions.Rounds, ProposalOptions.Share, ProposalOptions.Summarizer, ProposalOptions.Examples) is { } lone
                    ? throw new CommandException($"{lone} needs a proposer; name its endpoint with {ProposalOptions.Proposer.Name}")
                    : null;
            return new()
            {
                Endpoint = endpoint,
                Rounds = Of(ProposalOptions.Rounds)!.Value,
                Share = Of(ProposalOptions.Share)!.Value,
                Summarizer = Of(ProposalOptions.Summarizer),
                Examples = Of(ProposalOptions.Examples) is { } examples
                    ? CommonOptions.ExistingFile(examples, ProposalOptions.Examples.Name!)
                    : null,
            };
        }
    }

    private string? Given(params RunOption[] options) => options.FirstOrDefault(o => IsGiven(parsed, Options[o.Key]))?.Name;

    /// <exception cref="CommandException">A limit is none, or cannot be kept.</exception>
    public Budget BudgetFor(RunSpec spec)
    {
        var duration = Of(BudgetOptions.MaxDuration) is { } text
            ? SpecValues.DurationOf(text)
                ?? throw new CommandException($"--max-duration is \"{text}\"; it must be a number with its unit, such as 90s, 30m or 12h")
            : (TimeSpan?)null;
        var budget = new Budget
        {
            Cost = Of(BudgetOptions.MaxCost),
            Tokens = Of(BudgetOptions.MaxTokens),
            Duration = duration,
        };
        if (budget.Problem() is { } problem)
            throw new CommandException(problem);
        if (budget.Cost is not null && spec.Endpoints.FirstOrDefault(e => e.Price is null) is { } unpriced)
            throw new CommandException(
                $"--max-cost cannot be kept: the endpoint {unpriced.Name} has no price; "
                    + "give it one (price: {input: …, output: …}, dollars per million tokens), or limit tokens with --max-tokens"
            );
        return budget;
    }

    private static KeyValuePair<string, Option> Declared<T>(RunOption<T> option) => new(option.Key, CommonOptions.Of(option));
}
