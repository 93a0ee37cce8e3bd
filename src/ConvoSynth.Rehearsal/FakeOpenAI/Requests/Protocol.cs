namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>The format of a request and its answer.</summary>
internal enum Protocol
{
    Chat,
    Responses,
}

internal enum RouteKind
{
    Unknown,
    Answer,
    Models,
    Stats,
    Completion,
    Files,
    FileContent,
    Batches,
    Batch,
    BatchCancel,
}

/// <param name="Deployment">For Azure's address by deployment: the deployment, which is also the model.</param>
/// <param name="Id">The file or batch that the path names.</param>
internal readonly record struct Route(RouteKind Kind, Protocol Protocol = Protocol.Chat, string? Deployment = null, string? Id = null)
{
    private const string Deployments = "/openai/deployments/";
    private const string Completions = "/chat/completions";

    /// <summary>The method that the path takes; null for both.</summary>
    public string? Method =>
        Kind switch
        {
            RouteKind.Answer or RouteKind.Completion or RouteKind.Files or RouteKind.BatchCancel => "POST",
            RouteKind.Batches => null,
            _ => "GET",
        };

    public static Route Of(string path) =>
        path switch
        {
            "/v1/chat/completions" or "/openai/v1/chat/completions" => new(RouteKind.Answer),
            "/v1/responses" or "/openai/v1/responses" => new(RouteKind.Answer, Protocol.Responses),
            "/v1/models" or "/openai/v1/models" => new(RouteKind.Models),
            "/stats" => new(RouteKind.Stats),
            "/v1/completions" or "/openai/v1/completions" => new(RouteKind.Completion),
            "/v1/files" or "/openai/v1/files" => new(RouteKind.Files),
            "/v1/batches" or "/openai/v1/batches" => new(RouteKind.Batches),
            _ when IdIn(path, "files/", "/content") is { } file => new(RouteKind.FileContent, Id: file),
            _ when IdIn(path, "batches/", "/cancel") is { } cancelled => new(RouteKind.BatchCancel, Id: cancelled),
            _ when IdIn(path, "batches/", "") is { } batch => new(RouteKind.Batch, Id: batch),
            _ when path.StartsWith(Deployments, StringComparison.Ordinal)
                    && path.EndsWith(Completions, StringComparison.Ordinal)
                    && path.Length > Deployments.Length + Completions.Length => new(
                RouteKind.Answer,
                Protocol.Chat,
                path[Deployments.Length..^Completions.Length]
            ),
            _ => default,
        };

    private static string? IdIn(string path, string before, string after)
    {
        var rest =
            path.StartsWith("/openai/v1/", StringComparison.Ordinal) ? path["/openai/v1/".Length..]
            : path.StartsWith("/v1/", StringComparison.Ordinal) ? path["/v1/".Length..]
            : "";
        if (!rest.StartsWith(before, StringComparison.Ordinal) || !rest.EndsWith(after, StringComparison.Ordinal))
            return null;
        var id = rest.Length > before.Length + after.Length ? rest[before.Length..^after.Length] : "";
        return id.Length == 0 || id.Contains('/', StringComparison.Ordinal) ? null : id;
    }
}
