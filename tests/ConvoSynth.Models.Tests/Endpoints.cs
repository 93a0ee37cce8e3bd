using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>Specs, requests and clients that tests start from.</summary>
internal static class Endpoints
{
    public const string Key = "sk-secret-0123456789";

    public static readonly ToolDefinition Tool = new(
        "cancel_order",
        "Cancels an order.",
        Json.Parse(
            """{"type":"object","properties":{"order_id":{"type":"string"},"reason":{"type":"string","enum":["a","b"]}}"""
                + ""","required":["order_id"]}"""
        )
    );

    public static EndpointSpec Spec(string url = "http://localhost:1/v1") =>
        new()
        {
            Name = "local",
            Provider = EndpointProvider.OpenAICompatible,
            Model = "m-1",
            Url = url,
        };

    public static EndpointSpec Azure(string url) =>
        new()
        {
            Name = "azure",
            Provider = EndpointProvider.AzureOpenAI,
            Model = "my-deployment",
            Url = url,
            KeyVariable = "AZURE_KEY",
        };

    public static EndpointKeys Keys { get; } = new(static _ => Key, static _ => Key + "\n");

    public static OpenAIEndpoint Client(
        EndpointSpec spec,
        TimeProvider? time = null,
        HttpMessageHandler? handler = null,
        Azure.Core.TokenCredential? credential = null
    ) => new(spec, EndpointHttp.Client(handler), Keys.Of(spec).Key, credential, time ?? TimeProvider.System, NullLogger.Instance);

    public static EndpointRequest Request(string body = """{"model":"m-1"}""", int input = 10, int output = 100) =>
        new(new(new("run", 3, 1), "agent", 2), Encoding.UTF8.GetBytes(body), input, output);

    public static ModelRequest Ask(params Message[] messages) =>
        new()
        {
            Dialogue = new("run", 3, 1),
            Role = ModelRole.Agent,
            Step = 2,
            System = "Be good.",
            Messages = messages,
            Tools = [Tool],
        };

    public static RunSpec Run(params ImmutableArray<EndpointSpec> endpoints) =>
        new()
        {
            RunId = "run",
            Domains = ["library", "retail"],
            Count = 10,
            Seed = 7,
            Model = "endpoints",
            Endpoints = endpoints,
            Roles = new() { Human = endpoints[0].Name, Agent = endpoints[0].Name },
        };

    public static EndpointModels Models(RunSpec run, EndpointModelsOptions? options = null) =>
        new(
            run,
            (options ?? new() { Time = TimeProvider.System }) with
            {
                Keys = Keys,
                Retry = new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(2) },
            }
        );
}

/// <summary>An endpoint that plays scripted answers and failures in turn, without delay; the last one repeats.</summary>
internal sealed class ScriptedEndpoint(EndpointSpec spec, params Func<EndpointRequest, EndpointResponse>[] answers) : IEndpoint
{
    public EndpointSpec Spec => spec;

    public List<EndpointRequest> Sent { get; } = [];

    public ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Sent.Add(request);
        return new(answers[Math.Min(Sent.Count, answers.Length) - 1](request));
    }

    public static EndpointResponse Answer(EndpointRequest request, string endpoint = "local") =>
        new(endpoint, Replies.Chat("fine"), new(100, 0, 20, 0), 0.25);

    public static Func<EndpointRequest, EndpointResponse> Fails(
        string reason,
        bool isTransient = true,
        bool isUnavailable = false,
        TimeSpan? retryAfter = null,
        string endpoint = "local"
    ) =>
        _ =>
            throw new EndpointException(endpoint, reason, $"failed with {reason}")
            {
                IsTransient = isTransient,
                IsUnavailable = isUnavailable,
                RetryAfter = retryAfter,
                Seconds = 0.5,
            };
}
