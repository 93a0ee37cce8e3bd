using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Models.Telemetry;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models;

// How an endpoint gets its decorators.
public sealed partial class EndpointModels
{
    private static readonly TimeSpan NoPatience = TimeSpan.Zero;
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(30);
    private const int ProbeRetries = 2;

    private void Build(EndpointSpec spec)
    {
        if (_options.JournalOnly)
        {
            _endpoints[spec.Name] = new JournalOnlyEndpoint(spec);
            return;
        }

        var logger = _options.Logs.CreateLogger<RetryEndpoint>();
        if (spec.Batch is not null)
        {
            // A try takes hours. Only their number is limited.
            var patient = _options.Retry with
            {
                Patience = TimeSpan.MaxValue,
            };
            _endpoints[spec.Name] = new EndpointBuilder(new MeasuredEndpoint(Batched(spec)))
                .UseRetry(patient, _options.Jitter.For(spec.Name), _options.Time, logger)
                .UseSpeech()
                .Build();
            return;
        }

        var tries = Tries(spec);
        var retried = new EndpointBuilder(tries).UseRetry(_options.Retry, _options.Jitter.For(spec.Name), _options.Time, logger).Build();
        _endpoints[spec.Name] = new ScopedEndpoint(retried, () => AnswersNow(spec));
    }

    private async Task<bool> AnswersNow(EndpointSpec spec)
    {
        using var giveUp = new CancellationTokenSource(ProbePatience, _options.Time);
        try
        {
            for (var at = spec; at is not null; at = at.Fallback is { } fallback ? _specs[fallback] : null)
            {
                if (await new EndpointProbe(new(_probed[at.Name], _specs), usesTools: false).Answers(_run.RunId, giveUp.Token))
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return false;
    }

    // One try of an endpoint or its fallback, without retries: nested retries would multiply.
    private IEndpoint Tries(EndpointSpec spec)
    {
        if (_tries.TryGetValue(spec.Name, out var built))
            return built;
        var (time, logs) = (_options.Time, _options.Logs);
        var account = Account(spec);
        var client = new EndpointBuilder(new MeasuredEndpoint(Client(spec))).UseSpeech().UseWholePrompts().UseQuota(account).Build();
        var briefly = _options.Retry with { Retries = Math.Min(spec.Retries, ProbeRetries) };
        _probed[spec.Name] = new EndpointBuilder(client)
            .UseRetry(briefly, _options.Jitter.For("probe").For(spec.Name), time, logs.CreateLogger<RetryEndpoint>())
            .Build();

        // With a fallback, a request does not wait for this circuit to close.
        var circuit = spec.Fallback is null ? _options.Circuit : _options.Circuit with { Patience = NoPatience };
        var builder = new EndpointBuilder(client);
        if (spec.Fallback is { } fallback)
            builder.UseFallback(Tries(_specs[fallback]));
        return _tries[spec.Name] = builder.UseCircuit(account, circuit, time).Build();
    }

    // Endpoints of one account share its holder.
    private AccountHolder Account(EndpointSpec spec)
    {
        var key = spec.AccountKey();
        if (_accounts.TryGetValue(key, out var known))
            return known;
        var limits = AccountLimits.Of(key, _run.Endpoints);
        var logger = _options.Logs.CreateLogger<AccountHolder>();
        var account = new AccountHolder(new(_run.RunId, key, limits), _leases, _options.Quota, _options.Time, logger);
        _owned.Add(account);
        return _accounts[key] = account;
    }

    private BatchEndpoint Batched(EndpointSpec spec)
    {
        var credential = spec.Entra ? new KeptCredential(_options.Credential(spec), _options.Time) : null;
        var models = new OpenAIClients(spec, Http(spec), _options.Keys.Of(spec).Key, credential).Models()!;
        var api = _batches[spec.Name] = new(spec, models.Pipeline, _options.Time);
        var queue = new BatchQueue(spec, api, new(_options.Batches?.Invoke(spec.Name) ?? new MemoryBatchLog()), _options.Time);
        _owned.Add(queue);
        return new(spec, queue, _options.Time, _options.Logs.CreateLogger<BatchEndpoint>());
    }

    // A model that answers within a day cannot be asked before a run; its address and key can.
    private static async Task<ProbeResult> Checked(string name, BatchApi batches, CancellationToken cancellationToken)
    {
        try
        {
            await batches.Check(cancellationToken);
            return new(name, null, []);
        }
        catch (EndpointException e)
        {
            return new(name, e.Message, []);
        }
    }

    private HttpClient Http(EndpointSpec spec)
    {
        if (_options.Handler(spec) is not { } handler)
            return _sockets ??= EndpointHttp.Client();
        var http = EndpointHttp.Client(handler);
        _owned.Add(http);
        return http;
    }

    private ClientEndpoint Client(EndpointSpec spec)
    {
        var http = Http(spec);
        var key = _options.Keys.Of(spec).Key;
        var logger = _options.Logs.CreateLogger<ClientEndpoint>();
        ClientEndpoint client =
            spec.Provider == EndpointProvider.Anthropic
                ? new AnthropicEndpoint(spec, http, key!, _options.Time, logger)
                : new OpenAIEndpoint(spec, http, key, spec.Entra ? _options.Credential(spec) : null, _options.Time, logger);
        _listings[spec.Name] = client.Listing;
        return client;
    }
}
