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
}

/// <param name="Deployment">For Azure's address by deployment: the deployment, which is also the model.</param>
internal readonly record struct Route(RouteKind Kind, Protocol Protocol = Protocol.Chat, string? Deployment = null)
{
    private const string Deployments = "/openai/deployments/";
    private const string Completions = "/chat/completions";

    public string Method => Kind == RouteKind.Answer ? "POST" : "GET";

    public static Route Of(string path) =>
        path switch
        {
            "/v1/chat/completions" or "/openai/v1/chat/completions" => new(RouteKind.Answer),
            "/v1/responses" or "/openai/v1/responses" => new(RouteKind.Answer, Protocol.Responses),
            "/v1/models" or "/openai/v1/models" => new(RouteKind.Models),
            "/stats" => new(RouteKind.Stats),
            _ when path.StartsWith(Deployments, StringComparison.Ordinal)
                    && path.EndsWith(Completions, StringComparison.Ordinal)
                    && path.Length > Deployments.Length + Completions.Length => new(
                RouteKind.Answer,
                Protocol.Chat,
                path[Deployments.Length..^Completions.Length]
            ),
            _ => default,
        };
}
