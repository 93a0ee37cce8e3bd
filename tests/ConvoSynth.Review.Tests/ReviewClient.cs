using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ConvoSynth.Review.Tests;

/// <summary>A tool that talks to a review server.</summary>
internal sealed class ReviewClient : IDisposable
{
    private readonly HttpClient _client;

    private ReviewClient(HttpClient client) => _client = client;

    public static async Task<ReviewClient> Of(string url, string reviewer = "ada")
    {
        var client = new HttpClient { BaseAddress = new(url) };
        using var answer = await client.GetAsync("/api/token");
        client.DefaultRequestHeaders.Add("X-CSRF", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["token"]!);
        // The handler keeps the cookie of the token; the name goes by its own header.
        client.DefaultRequestHeaders.Add("X-Reviewer", reviewer);
        return new(client);
    }

    public Task<string> Get(string path) => _client.GetStringAsync(path);

    public Task<byte[]> Bytes(string path) => _client.GetByteArrayAsync(path);

    public async Task<JsonNode> Send(HttpMethod method, string path, HttpContent? content = null) =>
        JsonNode.Parse((await Raw(method, path, content)).Text)!;

    public async Task<(int Status, string Text)> Raw(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public Task<JsonNode> Post(string path, object body) => Send(HttpMethod.Post, path, JsonContent.Create(body));

    public Task<JsonNode> Decide(string row, string ruling, bool blind = false) =>
        Post(
            "/api/decisions",
            new
            {
                row,
                ruling,
                blind = blind ? "yes" : null,
            }
        );

    public void Dispose() => _client.Dispose();
}
