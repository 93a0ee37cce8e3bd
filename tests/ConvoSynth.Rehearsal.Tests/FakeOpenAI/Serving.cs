using System.Net.Http.Headers;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

/// <summary>A server on a free port and a client of it.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private static readonly Lazy<LoadedPack> LazyLibrary = new(() =>
        LoadedPack.Of(PackLoading.Load(RepositoryRoot.At("blueprints", "library")))
    );

    private readonly EndpointServer _server;

    private Serving(EndpointServer server)
    {
        _server = server;
        Client = new() { BaseAddress = server.Url };
    }

    public static LoadedPack Library => LazyLibrary.Value;

    public HttpClient Client { get; }

    public Json Stats => Json.Parse(_server.Stats);

    public static async Task<Serving> Start(EndpointOptions? options = null, TimeProvider? time = null) =>
        new(await EndpointServer.Start(options ?? new(), Load, [], time ?? TimeProvider.System, CancellationToken.None));

    public static LoadedPack Load(string domain, string? data) =>
        domain == "library" && data is null ? Library : throw new IOException($"there is no domain \"{domain}\"");

    /// <summary>Posts a body and returns the answer.</summary>
    public async Task<Got> Post(Json body, string path = "/v1/chat/completions", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToString(), Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Client.SendAsync(request);
        return new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(),
            response.Headers
        );
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>A response as received.</summary>
internal sealed record Got(int Status, string? Type, string Text, HttpResponseHeaders Headers)
{
    public Json Body => Json.Parse(Text);

    public Json Message => Body["choices"].Items[0]["message"];

    public string? Finish => Body["choices"].Items[0]["finish_reason"].Text;

    public Json Error => Body["error"];

    public string Header(string name) => Headers.GetValues(name).Should().ContainSingle().Subject;

    /// <summary>The data of each server-sent event.</summary>
    public IEnumerable<string> Events =>
        Text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..]);
}

internal static class Bodies
{
    public static readonly Json Tool = Json.Parse(
        """
        {"type":"function","function":{"name":"find_member","parameters":{"type":"object",
        "properties":{"card_no":{"type":"string","minLength":3},"limit":{"type":"integer","minimum":2}},"required":["card_no","limit"]}}}
        """
    );

    public static JsonMap Metadata(
        string role,
        int step,
        long index = 0,
        string part = "",
        int attempt = 0,
        string run = "run",
        double faultRate = 0
    ) =>
        Json.Map(
            ("convosynth_run", run),
            ("convosynth_domains", "library"),
            ("convosynth_seed", "5"),
            ("convosynth_count", "1000"),
            ("convosynth_index", $"{index}"),
            ("convosynth_attempt", $"{attempt}"),
            ("convosynth_role", role),
            ("convosynth_step", $"{step}"),
            ("convosynth_part", part),
            ("convosynth_fault_rate", faultRate.ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    public static JsonMap Chat(JsonMap? metadata = null, params ReadOnlySpan<(string Key, Json Value)> more)
    {
        var body = Json.Map(
            ("model", "gpt-test"),
            ("messages", Json.List(Json.Map(("role", "system"), ("content", "Be kind.")), Json.Map(("role", "user"), ("content", "Hello"))))
        );
        if (metadata is not null)
            body = body.With("metadata", metadata);
        foreach (var (key, value) in more)
            body = body.With(key, value);
        return body;
    }

    public static JsonMap Responses(JsonMap? metadata = null, params ReadOnlySpan<(string Key, Json Value)> more)
    {
        var body = Json.Map(("model", "gpt-test"), ("input", Json.List(Json.Map(("role", "user"), ("content", "Hello")))));
        if (metadata is not null)
            body = body.With("metadata", metadata);
        foreach (var (key, value) in more)
            body = body.With(key, value);
        return body;
    }

    public static Json Schema(string schema) =>
        Json.Map(("type", "json_schema"), ("json_schema", Json.Map(("name", "answer"), ("schema", Json.Parse(schema)), ("strict", true))));
}
