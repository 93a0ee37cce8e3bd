using System.CommandLine;
using System.Globalization;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth endpoint</c>: the rehearsal model over HTTP.</summary>
internal static class EndpointCommand
{
    private const string About =
        "Serve the rehearsal model over HTTP in OpenAI's wire format: a test endpoint.\n\n"
        + "It is NO language model. It plays scripts, for tests of load and failure and for demonstrations, "
        + "and does not read what it is told. A request says in its metadata\n"
        + "(convosynth_run, _domains, _seed, _index, _role, _step, …) which line of which script it wants; "
        + "a run does so for an endpoint that is marked `rehearsal: true`. To one that does\n"
        + "not, it calls the first tool, or says what it is.\n\n"
        + "It listens on the loopback address by default and prints its URL as one line when it is ready. "
        + "Chat Completions are at /v1/chat/completions,\n"
        + "/openai/v1/chat/completions and /openai/deployments/NAME/chat/completions?api-version=…, "
        + "the Responses API at /v1/responses and /openai/v1/responses, streaming and\n"
        + "not; files and batches at /v1/files and /v1/batches; /v1/models lists the model, /stats counts. "
        + "Failures and latencies are functions of script, call and number of the try, never of time, so that the same run fails\n"
        + "in the same places; only content-filter and length, which are answers, are the same in every try of a call.";

    private static readonly EndpointOptions Defaults = new();

    private static readonly Option<string> Address = new("--address")
    {
        Description = "The IP address to listen on; 0.0.0.0 for all of this machine, so that other machines and containers reach it.",
        DefaultValueFactory = _ => Defaults.Address,
    };
    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port, 0 to 65535; 0 takes any that is free.",
        DefaultValueFactory = _ => Defaults.Port,
    };
    private static readonly Option<string[]> Domain = new("--domain")
    {
        Description = "Packs to load before it is ready (default: all in the folder of packs); others are loaded when they are asked for.",
    };
    private static readonly Option<double> Latency = new("--latency")
    {
        Description = "The median latency in seconds, 0 to 600.",
        DefaultValueFactory = _ => Defaults.Latency,
    };
    private static readonly Option<double> LatencySigma = new("--latency-sigma")
    {
        Description = "The spread of the latency, log-normal: its sigma, 0 to 3.",
        DefaultValueFactory = _ => Defaults.LatencySigma,
    };
    private static readonly Option<int?> Rpm = new("--rpm")
    {
        Description = "Requests a minute, from 1 (default: unlimited); more get a 429.",
    };
    private static readonly Option<long?> Tpm = new("--tpm")
    {
        Description =
            "Tokens a minute, from 1 (default: unlimited). Prompt and maximum output are charged at admission, "
            + "what was used is settled after.",
    };
    private static readonly Option<double> QuotaCapacity = new("--quota-capacity")
    {
        Description = "How much unused quota is kept, in seconds of its refill, 0.01 to 3600.",
        DefaultValueFactory = _ => Defaults.QuotaCapacity,
    };
    private static readonly Option<string?> Key = new("--key")
    {
        Description =
            "The key that requests must bear, as Authorization: Bearer or api-key (default: none is asked for); others get a 401.",
    };
    private static readonly Option<string?> Model = new("--model")
    {
        Description = "The model or deployment that there is (default: any); others get a 404.",
    };
    private static readonly Option<string[]> Fail = new("--fail")
    {
        Description =
            "Plant failures, each as kind=rate with a rate from 0 to 1: "
            + $"{string.Join(", ", FailureKinds.All.Select(FailureKinds.NameOf))}.",
    };
    private static readonly Option<string[]> FailSlice = new("--fail-slice")
    {
        Description =
            "The agent fails so many tasks of a slice, as SLICE=RATE with a rate from 0 to 1, as an agent does that must fail it.",
    };
    private static readonly Option<string[]> Judge = new("--judge")
    {
        Description =
            "What a judge does, as SEAT=CONDUCT: miss:RATE,alarm:RATE (finds nothing in so many planted faults, and a fault in so many "
            + "other dialogues), yes, no, garbage or hang. A seat that is not named finds nothing wrong.",
    };
    private static readonly Option<double> JudgeCorrelation = new("--judge-correlation")
    {
        Description = "The correlation of the errors of two judges with equal rates, 0 to 1.",
        DefaultValueFactory = _ => 0,
    };
    private static readonly Option<string[]> Proposal = new("--proposal")
    {
        Description =
            $"What a proposer does, as NAME=RATE: the share of first proposals with a fault ({string.Join(", ", ProposerConduct.Faults)}), "
            + "and repair, the share of answers to feedback that are right (default: all proposals are right).",
    };
    private static readonly Option<double> BatchSeconds = new("--batch-seconds")
    {
        Description = "Seconds until a batch has ended, 0 to 86400.",
        DefaultValueFactory = _ => Defaults.BatchSeconds,
    };
    private static readonly Option<long?> BatchTokens = new("--batch-tokens")
    {
        Description = "Tokens of all open batches, from 1 (default: unlimited); a batch that is too much for it fails.",
    };
    private static readonly Option<double> BatchExpiry = new("--batch-expiry")
    {
        Description = "The share of batches that expire when half of their requests are answered, 0 to 1.",
        DefaultValueFactory = _ => Defaults.BatchExpiry,
    };
    private static readonly Option<string?> Log = new("--log")
    {
        Description =
            "A file that gets one line of JSON for each request: dialogue, role, step, part, try, status, "
            + "failure, latency, tokens. Overwritten.",
    };

    public static Command Create()
    {
        var command = new Command("endpoint", About)
        {
            Address,
            Port,
            CommonOptions.Packs,
            Domain,
            Latency,
            LatencySigma,
            Rpm,
            Tpm,
            QuotaCapacity,
            Key,
            Model,
            Fail,
            FailSlice,
            Judge,
            JudgeCorrelation,
            Proposal,
            BatchSeconds,
            BatchTokens,
            BatchExpiry,
            Log,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = OptionsOf(parsed);
        if (options.Problem() is { } problem)
            throw new CommandException(problem);
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var domains = parsed.GetValue(Domain) is { Length: > 0 } named ? named : [.. folders.Names()];
        await using var server = await EndpointServer.Start(
            options,
            (domain, data) => LoadedPack.Of(folders.Load(domain, data)),
            domains,
            TimeProvider.System,
            cancellationToken
        );
        await Console.Out.WriteLineAsync(server.Url.ToString().TrimEnd('/'));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
        return 0;
    }

    private static EndpointOptions OptionsOf(ParseResult parsed) =>
        new()
        {
            Address = parsed.GetRequiredValue(Address),
            Port = parsed.GetValue(Port),
            Latency = parsed.GetValue(Latency),
            LatencySigma = parsed.GetValue(LatencySigma),
            RequestsPerMinute = parsed.GetValue(Rpm),
            TokensPerMinute = parsed.GetValue(Tpm),
            QuotaCapacity = parsed.GetValue(QuotaCapacity),
            Key = parsed.GetValue(Key),
            Model = parsed.GetValue(Model),
            Failures = FailureRates.Parse(parsed.GetValue(Fail) ?? []),
            FailSlices = [.. (parsed.GetValue(FailSlice) ?? []).Select(RateOf)],
            Judges = JudgeConducts.Parse(parsed.GetValue(Judge) ?? [], parsed.GetValue(JudgeCorrelation)),
            Proposer = ProposerConduct.Parse(parsed.GetValue(Proposal) ?? []),
            BatchSeconds = parsed.GetValue(BatchSeconds),
            BatchTokens = parsed.GetValue(BatchTokens),
            BatchExpiry = parsed.GetValue(BatchExpiry),
            LogFile = parsed.GetValue(Log),
        };

    private static (string Slice, double Rate) RateOf(string pair) =>
        pair.Split('=') is [var slice, var number]
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            ? (slice, rate)
            : throw new CommandException($"--fail-slice is \"{pair}\"; write SLICE=RATE, such as no-op=0.6");
}
