using System.ClientModel.Primitives;
using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Batches;

/// <summary>
/// The provider's files and batches, through the pipeline of the vendor's package: it signs in and sends, and the bodies are ours. The
/// package's own batch operation hides a batch's id until it has read a whole answer.
/// </summary>
internal sealed class BatchApi(EndpointSpec spec, ClientPipeline pipeline, TimeProvider time)
{
    // 14 days: the least that Azure takes for a file, and time enough to resume a run.
    private const string KeptSeconds = "1209600";
    private const int PageSize = 100;
    private const int MaxPages = 50;
    private static readonly TimeSpan FilePatience = TimeSpan.FromMinutes(10);

    private readonly PipelineCalls _calls = new(spec, pipeline, time);

    /// <summary>The path of each request in a file.</summary>
    public string Target => spec.Protocol == EndpointProtocol.Responses ? "/v1/responses" : "/v1/chat/completions";

    /// <returns>The file's id.</returns>
    public async Task<string> Upload(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        // The two providers spell the fields of a form differently.
        var field = spec.Provider == EndpointProvider.AzureOpenAI ? "expires_after.{0}" : "expires_after[{0}]";
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("batch"), "purpose");
        form.Add(new StringContent("created_at"), string.Format(null, field, "anchor"));
        form.Add(new StringContent(KeptSeconds), string.Format(null, field, "seconds"));
        form.Add(new ReadOnlyMemoryContent(lines), "file", "batch.jsonl");
        var body = await form.ReadAsByteArrayAsync(cancellationToken);
        var answer = await Send("POST", "files", body, form.Headers.ContentType!.ToString(), cancellationToken);
        return Read(answer, static root => TolerantText.Of(root, "id"u8));
    }

    public async Task<BatchState> Create(string file, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>
            {
                ["input_file_id"] = file,
                ["endpoint"] = Target,
                ["completion_window"] = "24h",
                ["output_expires_after"] = new Dictionary<string, object> { ["anchor"] = "created_at", ["seconds"] = 1_209_600 },
            }
        );
        return Read(await Send("POST", "batches", body, "application/json", cancellationToken), BatchState.Of);
    }

    public async Task<BatchState> Get(string id, CancellationToken cancellationToken) =>
        Read(await Send("GET", $"batches/{Uri.EscapeDataString(id)}", cancellationToken), BatchState.Of);

    /// <summary>A batch that was created from a file and not refused for enqueued tokens; null if there is none.</summary>
    public async Task<BatchState?> OfFile(string file, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await Send("GET", $"batches?limit={PageSize}{(after is null ? "" : $"&after={after}")}", cancellationToken);
            var (batches, hasMore) = Read(answer, static root => ((List<BatchState>, bool)?)Page(root))!.Value;
            if (batches.Find(b => b.InputFile == file && !b.IsOverLimit) is { } found)
                return found;
            if (!hasMore || batches.Count == 0)
                return null;
            after = Uri.EscapeDataString(batches[^1].Id);
        }

        return null;
    }

    /// <summary>Asks for a list of batches, which costs nothing: whether key and address are right.</summary>
    public Task Check(CancellationToken cancellationToken) => Send("GET", "batches?limit=1", cancellationToken);

    public Task<ReadOnlyMemory<byte>> Content(string file, CancellationToken cancellationToken) =>
        Send("GET", $"files/{Uri.EscapeDataString(file)}/content", cancellationToken);

    private static (List<BatchState> Batches, bool HasMore) Page(JsonElement root) =>
        (
            [.. ResponseJson.Items(root, "data"u8).Select(BatchState.Of).OfType<BatchState>()],
            root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("has_more"u8, out var more)
                && more.ValueKind == JsonValueKind.True
        );

    private T Read<T>(ReadOnlyMemory<byte> answer, Func<JsonElement, T?> of)
    {
        using var document = ResponseJson.Parse(answer.Span, out var problem);
        return document is not null && of(document.RootElement) is { } found
            ? found
            : throw _calls.Failures.OfMalformed(problem ?? "a file or a batch without an id", 0);
    }

    private Task<ReadOnlyMemory<byte>> Send(string method, string path, CancellationToken cancellationToken) =>
        Send(method, path, null, null, cancellationToken);

    private async Task<ReadOnlyMemory<byte>> Send(
        string method,
        string path,
        byte[]? body,
        string? type,
        CancellationToken cancellationToken
    )
    {
        var isFile = path.StartsWith("files", StringComparison.Ordinal);
        var patience = isFile ? FilePatience : TimeSpan.FromSeconds(spec.TimeoutSeconds);
        var answer = await _calls.Send(method, path, body, type, patience, cancellationToken);
        if (answer.Status is >= 200 and < 300)
            return answer.Body;
        throw ErrorDocument.Of(answer.Body.Span, isSuccess: false)?.Code == BatchState.EnqueuedLimit
            ? new EndpointException(spec.Name, "enqueued-limit", $"endpoint \"{spec.Name}\" has too many tokens enqueued")
            {
                IsTransient = true,
            }
            : _calls.Failure(answer);
    }
}
