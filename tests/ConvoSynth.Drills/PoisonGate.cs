using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>
/// A proxy before an endpoint. It forwards requests, but answers the agent's requests of every odd dialogue with an error.
/// </summary>
internal sealed class PoisonGate : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly string _endpoint;
    private readonly (string Name, int Status, string Body)? _poison;
    private readonly Task _serving;

    private PoisonGate(string endpoint, (string Name, int Status, string Body)? poison)
    {
        (_endpoint, _poison) = (endpoint, poison);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _serving = Serve();
    }

    public string Url { get; }

    public static PoisonGate Open(string endpoint, (string Name, int Status, string Body)? poison) => new(endpoint, poison);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _http.Dispose();
    }

    private async Task Serve()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                answering.RemoveAll(static t => t.IsCompleted);
                answering.Add(Answer(context));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var (status, type, answer) =
                _poison is { } poison && IsPoisoned(body.GetBuffer().AsMemory(0, (int)body.Length))
                    ? (
                        poison.Status,
                        poison.Body[0] == '<' ? "text/html" : "application/json",
                        System.Text.Encoding.UTF8.GetBytes(poison.Body)
                    )
                    : await HandOn(context.Request, body.ToArray());
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.ContentLength64 = answer.Length;
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or HttpRequestException or IOException)
        {
            context.Response.Abort(); // The client or the endpoint is gone.
        }
    }

    private async Task<(int Status, string Type, byte[] Body)> HandOn(HttpListenerRequest request, byte[] body)
    {
        using var message = new HttpRequestMessage(new(request.HttpMethod), _endpoint + request.RawUrl);
        if (body.Length > 0)
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var response = await _http.SendAsync(message);
        return (
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "application/json",
            await response.Content.ReadAsByteArrayAsync()
        );
    }

    private static bool IsPoisoned(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return false;
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("metadata", out var told)
            && told.GetProperty("convosynth_role").GetString() == "agent"
            && told.GetProperty("convosynth_index").GetString()![^1] is '1' or '3' or '5' or '7' or '9';
    }
}
