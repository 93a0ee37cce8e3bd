using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Forecasts;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth forecast</c>: dollars, hours and disk of a run before it begins.</summary>
internal static class ForecastCommand
{
    private const string RunId = "forecast";

    // Enough that a mean of tokens stays within a few percent, few enough to end within a minute.
    private const int UsualSample = 300;
    private const int LargestSample = 100_000;

    // Few in flight, so that the second half of the sample is played by compiled code.
    private const int InFlight = 16;

    private const string About =
        "Say what a run will cost, how long it will take and which limit binds, before anything is spent.\n\n"
        + "It takes the options of generate. Scripts play the run's first dialogues against the built-in test endpoint, with the run's\n"
        + "own packs, prompts, tools, writer and judges; no model is called and no key is needed. The figures are this sample's, scaled.\n"
        + "Models may write more than scripts do: say how much they think with --reasoning-tokens.";

    private static readonly ForecastAssumptions Defaults = new();

    private static readonly Option<int> Sample = new("--sample")
    {
        Description = $"Dialogues to play, 10 to {LargestSample}; no more than the run has.",
        DefaultValueFactory = _ => UsualSample,
    };
    private static readonly Option<double> Latency = new("--latency")
    {
        Description = "Seconds from a request to the first token of its answer, 0 to 600.",
        DefaultValueFactory = _ => Defaults.Latency,
    };
    private static readonly Option<double> TokensPerSecond = new("--tokens-per-second")
    {
        Description = "Tokens a second of one answer, 1 to 100000.",
        DefaultValueFactory = _ => Defaults.TokensPerSecond,
    };
    private static readonly Option<long> ReasoningTokens = new("--reasoning-tokens")
    {
        Description = "Tokens of reasoning in each answer, which providers charge as output, 0 to 1000000.",
        DefaultValueFactory = _ => Defaults.ReasoningTokens,
    };
    private static readonly Option<int?> Cores = new("--cores")
    {
        Description = "Processors that play and verify dialogues, those of all silos together (default: this machine's).",
    };

    public static Command Create()
    {
        var command = new Command("forecast", About)
        {
            PreparedRun.SpecFile,
            PreparedRun.Model,
            Sample,
            Latency,
            TokensPerSecond,
            ReasoningTokens,
            Cores,
            CommonOptions.Packs,
            CommonOptions.Config,
            CommonOptions.Json,
        };
        RunValues.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var assumed = new ForecastAssumptions
        {
            Latency = parsed.GetValue(Latency),
            TokensPerSecond = parsed.GetValue(TokensPerSecond),
            ReasoningTokens = parsed.GetValue(ReasoningTokens),
            Cores = parsed.GetValue(Cores) ?? Defaults.Cores,
        };
        if (assumed.Problem() is { } problem)
            throw new CommandException(problem);
        var sample = parsed.GetValue(Sample);
        if (sample is < 10 or > LargestSample)
            throw new CommandException($"--sample is {sample}; it must be from 10 to {LargestSample}");
        var prepared = PreparedRun.Of(parsed, RunId);
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        // Real models plant no faults and make no rehearsed errors.
        var whole = prepared.Hashed(new(folders, TimeProvider.System) { JournalOnly = true }) with
        {
            FaultRate = 0,
            ErrorRate = 0,
        };
        var spec = whole with { Count = Math.Min(sample, whole.Count) };
        var played = await new SampleRun(folders, prepared.Configuration, TimeProvider.System).Play(
            spec,
            new(Math.Min(InFlight, prepared.Work.Concurrency)),
            cancellationToken
        );
        var forecast = Forecast.Of(whole, prepared.Work.Concurrency, prepared.Work.Budget, played, assumed);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(forecast.ToJson());
        else
            ForecastText.Print(forecast, assumed);
        return 0;
    }
}
