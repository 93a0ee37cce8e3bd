using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ConvoSynth.Serve.Http;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Tests;

/// <summary>A server on a free port, with clients of its protocols.</summary>
internal sealed class Served(EnvironmentServer server) : IAsyncDisposable
{
    /// <summary>The library's tasks under the seed that all tests share.</summary>
    public static EnvironmentOptions Library { get; } =
        new()
        {
            Pack = "library",
            Packs = RepositoryRoot.At("blueprints"),
            Count = 12,
            Seed = 5,
        };

    public EnvironmentServer Server { get; } = server;

    public HttpClient Http { get; } = new() { BaseAddress = new(server.Url) };

    public static async Task<Served> Start(ServeSettings? settings = null, TimeProvider? time = null)
    {
        settings ??= new() { Environment = Library };
        return new(await EnvironmentServer.Start(settings with { Port = 0 }, time ?? TimeProvider.System, CancellationToken.None));
    }

    public static Task<Served> With(RewardRule reward) => Start(new() { Environment = Library, Reward = reward });

    public Task<Socket> Socket(string path = "/ws") => Tests.Socket.Open(Server.Url, path);

    public async Task<(int Status, JsonElement Body)> Post(string path, object body, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await Send(request, session);
    }

    public async Task<(int Status, JsonElement Body)> Get(string path, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await Send(request, session);
    }

    /// <summary>The events of a stream: a name and its data.</summary>
    public async Task<IReadOnlyList<(string Name, string Data)>> Events(string path, object body, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Session-ID", session);
        using var answer = await Http.SendAsync(request);
        return
        [
            .. (await answer.Content.ReadAsStringAsync())
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(e => e.Split('\n'))
                .Where(e => e[0].StartsWith("event: ", StringComparison.Ordinal))
                .Select(e => (e[0]["event: ".Length..], e[1]["data: ".Length..])),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }

    private async Task<(int, JsonElement)> Send(HttpRequestMessage request, string? session)
    {
        if (session is not null)
            request.Headers.Add("X-Session-ID", session);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var isJson = answer.Content.Headers.ContentType?.MediaType == "application/json";
        return ((int)answer.StatusCode, isJson ? JsonElement.Parse(text) : JsonSerializer.SerializeToElement(text));
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
