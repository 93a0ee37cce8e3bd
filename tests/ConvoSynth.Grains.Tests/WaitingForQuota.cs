using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Runs.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Grains.Tests;

/// <summary>Dialogues that wait for an endpoint's quota longer than any model takes to answer.</summary>
public sealed class WaitingForQuota
{
    private static readonly RunSpec Spec = Setups.Spec with { Count = 24, FaultRate = 0, FurtherAttempts = 0 };

    [Fact]
    public void A_dialogue_that_waits_for_quota_for_longer_than_any_model_takes_to_answer_does_not_fail_for_that()
    {
        var storage = new MemoryStorage();
        World? waiting = null;
        Patient? endpoint = null;
        using var world = waiting = new World(
            storage,
            new() { Setup = s => Setups.Of(s) with { Agent = Model(endpoint = new(waiting!.Time), waiting.Time) } }
        );
        Advance(world);

        var status = world.Carry(Spec, concurrency: 24);

        Runs.ShouldBeWhole(storage, Spec, status);
        Runs.Rows(storage).Should().NotContain(r => r.Status == RowStatus.Failed);
        endpoint!.Longest.Should().BeGreaterThan(TimeSpan.FromMinutes(20), "the test is of that");
        endpoint.Sent.Should().OnlyHaveUniqueItems("who waits asks once");
    }

    [Fact]
    public void A_judge_that_takes_longer_than_a_response_may_is_asked_once()
    {
        World? waiting = null;
        Slow? judge = null;
        using var world = waiting = new World(
            new MemoryStorage(),
            new() { Setup = s => Setups.Of(s) with { Prompts = Prompts, Judges = [new("slow", judge = new(waiting!.Time))] } }
        );

        world.Carry(Spec).Counts.Done.Should().Be(24);

        judge!.Asked.Should().HaveCountGreaterThan(10).And.OnlyHaveUniqueItems();
    }

    private static PromptSet Prompts => PromptSet.Load(RepositoryRoot.At("blueprints", PromptSet.FolderName));

    // A world's clock moves by seconds; this skips through waits of hours faster.
    private static void Advance(World world) => world.Steps.Quiet = () => world.Time.Advance(TimeSpan.FromSeconds(9));

    private static EndpointModel Model(Patient endpoint, TimeProvider time)
    {
        var limits = new AccountLimits(endpoint.Spec.RequestsPerMinute);
        var quota = new AccountHolder(new("holder", "account", limits), new LocalAccounts(time), new(), time, NullLogger.Instance);
        return new(
            new(
                endpoint.Behind(new QuotaEndpoint(endpoint, quota)),
                new Dictionary<string, EndpointSpec>(StringComparer.Ordinal) { [endpoint.Spec.Name] = endpoint.Spec }
            )
        );
    }

    /// <summary>Admits one request a minute and answers it at once.</summary>
    private sealed class Patient(TimeProvider time) : IEndpoint
    {
        private const string Answer =
            """{"model":"m","choices":[{"finish_reason":"stop","message":{"content":"May I have your card number?"}}]"""
            + ""","usage":{"prompt_tokens":10,"completion_tokens":5}}""";

        public EndpointSpec Spec { get; } =
            new()
            {
                Name = "small",
                Provider = EndpointProvider.OpenAICompatible,
                Model = "m",
                Url = "http://localhost:1/v1",
                RequestsPerMinute = 1,
            };

        public TimeSpan Longest { get; private set; }

        public List<string> Sent { get; } = [];

        public ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
        {
            Sent.Add(request.Key.ToString());
            return new(new EndpointResponse(Spec.Name, Answer, new(10, 0, 5, 0), 1));
        }

        public IEndpoint Behind(IEndpoint quota) => new Timed(this, quota);

        private sealed class Timed(Patient endpoint, IEndpoint quota) : IEndpoint
        {
            public EndpointSpec Spec => quota.Spec;

            public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
            {
                var began = endpoint.Now();
                var response = await quota.Send(request, cancellationToken);
                if (endpoint.Since(began) is var waited && waited > endpoint.Longest)
                    endpoint.Longest = waited;
                return response;
            }
        }

        private long Now() => time.GetTimestamp();

        private TimeSpan Since(long began) => time.GetElapsedTime(began);
    }

    /// <summary>Takes a hundred seconds for each vote.</summary>
    private sealed class Slow(TimeProvider time) : IStructuredModel
    {
        public List<string> Asked { get; } = [];

        public string Name => "slow";

        public async ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Key.ToString());
            await Task.Delay(TimeSpan.FromSeconds(100), time, cancellationToken);
            return new(null, "it says nothing", []);
        }
    }
}
