using System.Collections.Concurrent;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Models;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Quota;
using ConvoSynth.Runs.Setups;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Orleans.Tests;

/// <summary>
/// Models whose answers are not reproducible, since each contains its sale number. They work like models behind an endpoint: look into
/// the journal, take quota from the cluster, answer, append.
/// </summary>
internal sealed class Sellers : IDisposable
{
    private static readonly EndpointSpec Endpoint = new()
    {
        Name = "shared",
        Provider = EndpointProvider.OpenAICompatible,
        Model = "m",
        Url = "http://localhost:1/v1",
        RequestsPerMinute = 60_000,
    };

    private readonly AccountHolder _quota;
    private long _sold;

    public Sellers()
    {
        Leases = new(TimeProvider.System, LeaseTimes.Cluster);
        var limits = new AccountLimits(Endpoint.RequestsPerMinute);
        _quota = new(new("sellers", Endpoint.AccountKey(), limits), Leases, new(), TimeProvider.System, NullLogger.Instance);
    }

    public ClusterAccounts Leases { get; }

    /// <summary>Key → number of sales.</summary>
    public ConcurrentDictionary<string, int> Sold { get; } = new(StringComparer.Ordinal);

    public bool IsClosed { get; set; }

    public void Dispose() => _quota.Dispose();

    /// <summary>Replaces the agent by a selling one and adds two selling judges.</summary>
    public RunSetup In(RunSetup setup) =>
        setup with
        {
            Agent = new Agent(setup.Agent, this),
            Judges = [new("one", new Judge("one", this)), new("two", new Judge("two", this))],
            Prompts = PromptSet.Load(RepositoryRoot.At("blueprints", PromptSet.FolderName)),
        };

    private async ValueTask<JournaledCall> Sell(
        CallKey key,
        IJournal? journal,
        Func<ValueTask<string>> answer,
        CancellationToken cancellationToken
    )
    {
        if (journal is null)
            throw new InvalidOperationException($"{key} has no journal");
        if (await journal.Find(key, "h", cancellationToken) is { } found)
            return found;
        if (IsClosed)
            throw new InvalidOperationException($"{key} is not in the journal");
        using var use = await _quota.Take(10, 10, cancellationToken);
        var usage = new Usage(Interlocked.Increment(ref _sold), 0, 1, 0);
        Sold.AddOrUpdate(key.ToString(), 1, (_, n) => n + 1);
        var body = await answer();
        use.Settle(usage);
        return await journal.Append(
            new()
            {
                Key = key,
                RequestHash = "h",
                Body = body,
                Call = new(key.Role, Endpoint.Name, usage, usage.InputTokens / 1000m, usage.InputTokens),
            },
            CancellationToken.None
        );
    }

    private sealed record Answer(Message Message, FinishReason Finish, string? PlantedFault);

    private sealed class Agent(IChatModel inner, Sellers sellers) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            var call = await sellers.Sell(
                new(request.Dialogue, "agent", request.Step),
                request.Journal,
                async () =>
                    await inner.Respond(request, cancellationToken) is var r
                        ? JsonSerializer.Serialize(new Answer(r.Message, r.Finish, r.PlantedFault))
                        : "",
                cancellationToken
            );
            var answer = JsonSerializer.Deserialize<Answer>(call.Body)!;
            return new()
            {
                Message = answer.Message,
                Model = Name,
                Finish = answer.Finish,
                PlantedFault = answer.PlantedFault,
                Usage = call.Call.Usage,
                Calls = [call.Call],
            };
        }
    }

    private sealed class Judge(string name, Sellers sellers) : IStructuredModel
    {
        private const string Human = "[0] human: ";

        public string Name => name;

        public async ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            var call = await sellers.Sell(request.Key, request.Journal, () => new(Said(request)), cancellationToken);
            var value = Json.Parse(call.Body);
            return request.Problem(value) is { } problem ? new(null, problem, [call.Call]) : new(value, null, [call.Call]);
        }

        private static string Said(StructuredRequest request) =>
            request.Key.Part == "committee"
                ? Json.Map(
                        ("correctness", 1),
                        ("completeness", 1),
                        ("naturalness", 1),
                        (
                            "evidence",
                            "It begins with \""
                                + request.User.Split('\n').First(l => l.StartsWith(Human, StringComparison.Ordinal))[Human.Length..]
                                + "\"."
                        )
                    )
                    .ToString()
                : """{"answer":"cannot-tell","evidence":""}""";
    }
}
