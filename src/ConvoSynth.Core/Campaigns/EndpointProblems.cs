using System.Collections.Immutable;

namespace ConvoSynth.Core.Campaigns;

/// <summary>Problems of endpoints that show without a request. Each is a sentence that names the value.</summary>
public static class EndpointProblems
{
    private const int LongestName = 100;
    private const int LongestRubric = 4000;

    // Fields that define the request, not how it is answered; another value would make the answer unreadable or its price wrong.
    private static readonly string[] OwnFields =
    [
        "model",
        "messages",
        "input",
        "instructions",
        "tools",
        "stream",
        "n",
        "response_format",
        "text",
        "metadata",
    ];

    private static readonly string[] TooFar = ["/chat/completions", "/responses", "/v1/messages"];

    /// <returns>The first problem of a run's endpoints and roles; null if there is none.</returns>
    public static string? Of(ImmutableArray<EndpointSpec> endpoints, RoleEndpoints? roles)
    {
        if (endpoints.IsDefaultOrEmpty)
            return "no endpoint is given; a run on endpoints needs at least one under `endpoints`";
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            if (Of(endpoint) is { } problem)
                return problem;
            if (!names.Add(endpoint.Name))
                return $"two endpoints have the name \"{endpoint.Name}\"";
        }

        return endpoints.Select(e => OfFallback(e, endpoints)).FirstOrDefault(p => p is not null) ?? OfRoles(roles, endpoints);
    }

    internal static string? Of(EndpointSpec spec)
    {
        if (!IsName(spec.Name))
            return $"the endpoint name \"{spec.Name}\" must be 1 to {LongestName} letters, digits, '-', '_' or '.'";
        var where = $"endpoint \"{spec.Name}\"";
        if (spec.Account is { } account && !IsName(account))
            return $"{where}: the account \"{account}\" must be 1 to {LongestName} letters, digits, '-', '_' or '.'";
        if (!Enum.IsDefined(spec.Provider))
            return $"{where}: the provider {spec.Provider} is none of openai, azure-openai, openai-compatible, anthropic";
        if (string.IsNullOrWhiteSpace(spec.Model))
            return $"{where} names no model; set `model`{(spec.Provider == EndpointProvider.AzureOpenAI ? " to the deployment" : "")}";
        return OfAddress(spec, where)
            ?? OfKey(spec, where)
            ?? OfLimits(spec, where)
            ?? OfRequest(spec, where)
            ?? BatchProblems.Of(spec, where);
    }

    private static bool IsName(string name) =>
        !string.IsNullOrEmpty(name) && name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string? OfAddress(EndpointSpec spec, string where)
    {
        var azure = spec.Provider == EndpointProvider.AzureOpenAI;
        if (spec.Url is null && spec.Provider is not (EndpointProvider.OpenAI or EndpointProvider.Anthropic))
            return $"{where} has no `url`; "
                + (
                    azure
                        ? "give the Azure resource, such as https://name.openai.azure.com"
                        : "give the server's address, such as http://localhost:8000/v1"
                );
        if (spec.Url is { } url)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
                return $"{where}: the url \"{url}\" is no http or https address";
            if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
                return $"{where}: its url must have no user, query or fragment";
            if (TooFar.Any(end => uri.AbsolutePath.TrimEnd('/').EndsWith(end, StringComparison.Ordinal)))
                return $"{where}: the url \"{url}\" goes too far; leave out what follows the base, such as /chat/completions";
        }

        if (!azure && spec.Api != AzureApi.V1)
            return $"{where}: `api: deployments` is for azure-openai only";
        if (!azure && spec.Entra)
            return $"{where}: `entra` is for azure-openai only";
        if (spec.Entra && !spec.Url!.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            return $"{where}: a sign-in by Entra ID needs https, and the url is \"{spec.Url}\"";
        if (spec.Api == AzureApi.Deployments && string.IsNullOrWhiteSpace(spec.ApiVersion))
            return $"{where}: `api: deployments` needs an `api_version`, such as 2024-10-21";
        if (spec.Api == AzureApi.Deployments && spec.Protocol == EndpointProtocol.Responses)
            return $"{where}: `api: deployments` speaks `protocol: chat` only; for responses leave `api` out, which is the v1 address";
        if (spec.Api == AzureApi.V1 && spec.ApiVersion is { } version)
            return $"{where}: the api_version \"{version}\" belongs to `api: deployments`; the v1 address has none";
        return null;
    }

    private static string? OfKey(EndpointSpec spec, string where)
    {
        if (spec.KeyVariable is not null && spec.KeyFile is not null)
            return $"{where} names both the variable \"{spec.KeyVariable}\" and the file \"{spec.KeyFile}\" for its key; leave one";
        var source = spec.KeyVariable ?? spec.KeyFile;
        if (source is { Length: 0 })
            return $"{where}: the name of its key's {(spec.KeyVariable is null ? "file" : "variable")} is empty";
        if (spec.Entra && source is not null)
            return $"{where} signs in by Entra ID and yet names \"{source}\" for a key; leave one";
        if (source is not null || spec.Entra || spec.Provider == EndpointProvider.OpenAICompatible)
            return null;
        return $"{where} has no key; name its environment variable with `key_variable` or its file with "
            + $"`key_file`{(spec.Provider == EndpointProvider.AzureOpenAI ? ", or set `entra: true`" : "")}";
    }

    private static string? OfLimits(EndpointSpec spec, string where)
    {
        if (spec.RequestsPerMinute is < 1)
            return $"{where}: requests_per_minute is {spec.RequestsPerMinute}; it must be at least 1";
        if (spec.TokensPerMinute is < 1)
            return $"{where}: tokens_per_minute is {spec.TokensPerMinute}; it must be at least 1";
        if (spec.InFlight is < 1)
            return $"{where}: in_flight is {spec.InFlight}; it must be at least 1";
        if (spec.TimeoutSeconds is not (>= 1 and <= 3600))
            return $"{where}: timeout_seconds is {spec.TimeoutSeconds}; it must be from 1 to 3600";
        if (spec.Retries is < 0 or > 20)
            return $"{where}: retries is {spec.Retries}; it must be from 0 to 20";
        if (spec.MaxOutputTokens is < 16 or > 1_000_000)
            return $"{where}: max_output_tokens is {spec.MaxOutputTokens}; it must be from 16 to 1000000";
        if (spec.TokensPerMinute < spec.MaxOutputTokens)
            return $"{where}: max_output_tokens is {spec.MaxOutputTokens}, more than the {spec.TokensPerMinute} of tokens_per_minute; "
                + "one answer could take all quota";
        if (spec.Price is not { } price)
            return null;
        if (price.Input < 0)
            return $"{where}: the price of input is {price.Input}; it cannot be negative";
        if (price.Output < 0)
            return $"{where}: the price of output is {price.Output}; it cannot be negative";
        if (price.CacheWrite is < 0)
            return $"{where}: the price of cache writes is {price.CacheWrite}; it cannot be negative";
        return price.CachedInput is < 0 ? $"{where}: the price of cached input is {price.CachedInput}; it cannot be negative" : null;
    }

    private static string? OfRequest(EndpointSpec spec, string where)
    {
        if (spec.Temperature is { } temperature && temperature is not (>= 0 and <= 2))
            return $"{where}: temperature is {temperature}; it must be from 0 to 2";
        if (!Enum.IsDefined(spec.Protocol))
            return $"{where}: the protocol {spec.Protocol} is none of chat, responses, messages";
        if (OfProtocol(spec, where) is { } problem)
            return problem;
        if (spec.Body is null or JsonNull)
            return null;
        if (spec.Body is not JsonMap body)
            return $"{where}: its body must be an object of extra fields, and is {spec.Body}";
        if (spec.Protocol == EndpointProtocol.Messages && body.Contains("system"))
            return $"{where}: its body sets \"system\", which every request has already; leave it out";

        // Some servers stream unless the request says `stream: false`.
        return OwnFields.FirstOrDefault(f => body.Contains(f) && !(f == "stream" && body[f].Flag == false)) is { } own
            ? $"{where}: its body sets \"{own}\", which every request has already; leave it out"
            : null;
    }

    private static string? OfProtocol(EndpointSpec spec, string where)
    {
        var isAnthropic = spec.Provider == EndpointProvider.Anthropic;
        if (isAnthropic != (spec.Protocol == EndpointProtocol.Messages))
            return isAnthropic
                ? $"{where}: anthropic speaks `protocol: messages` only; leave `protocol` out"
                : $"{where}: `protocol: messages` is for `provider: anthropic`, which takes a `url` too";
        if (!isAnthropic)
            return null;
        if (spec.Rehearsal)
            return $"{where}: `rehearsal` is for the test endpoint, which speaks OpenAI's protocols and not Anthropic's";
        return spec.PromptCacheKey is null
            ? null
            : $"{where}: `prompt_cache_key` is OpenAI's; Anthropic caches prompts with `body: {{cache_control: {{type: ephemeral}}}}`";
    }

    private static string? OfFallback(EndpointSpec endpoint, ImmutableArray<EndpointSpec> endpoints)
    {
        var seen = new List<string> { endpoint.Name };
        for (var at = endpoint; at.Fallback is { } next; )
        {
            if (next == at.Name)
                return $"endpoint \"{at.Name}\" is its own fallback";
            if (seen.Contains(next, StringComparer.Ordinal))
                return $"the fallbacks go in a circle: {string.Join(" → ", seen)} → {next}";
            if (endpoints.FirstOrDefault(e => e.Name == next) is not { } found)
                return $"endpoint \"{at.Name}\" falls back to \"{next}\", {Unknown(endpoints)}";
            seen.Add(next);
            at = found;
        }

        return null;
    }

    private static string? OfRoles(RoleEndpoints? roles, ImmutableArray<EndpointSpec> endpoints)
    {
        if (roles is null || string.IsNullOrEmpty(roles.Human))
            return $"no endpoint plays the human; set `roles: human:` to one of {Names(endpoints)}";
        if (string.IsNullOrEmpty(roles.Agent))
            return $"no endpoint plays the agent; set `roles: agent:` to one of {Names(endpoints)}";
        if (roles.Judges.IsDefault)
            return "the judges are missing; set `roles: judges:` to a list, which may be empty";
        foreach (var (role, name) in roles.All())
        {
            if (!endpoints.Any(e => e.Name == name))
                return $"the role {role} is given to the endpoint \"{name}\", {Unknown(endpoints)}";
        }

        if ((OfCommittee(roles) ?? BatchProblems.OfTurns(roles, endpoints)) is { } problem)
            return problem;
        return roles.HumanCandidates is < 1 or > 16 ? $"human_candidates is {roles.HumanCandidates}; it must be from 1 to 16" : null;
    }

    private static string? OfCommittee(RoleEndpoints roles)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seat in roles.Judges)
        {
            if (!IsName(seat.Name))
                return $"the judge's name \"{seat.Name}\" must be 1 to {LongestName} letters, digits, '-', '_' or '.'";
            if (!names.Add(seat.Name) && roles.Committee is not null)
                return $"two judges have the name \"{seat.Name}\"; give each a name of its own: {{name: …, endpoint: …}}";
            if (seat.Rubric is { Length: 0 or > LongestRubric })
                return $"the rubric of the judge \"{seat.Name}\" has {seat.Rubric.Length} characters; it must have 1 to {LongestRubric}";
        }

        if (roles.Committee is not { } committee)
            return null;
        if (roles.Judges.IsEmpty)
            return "a committee is described under `roles: committee:`, and no judge is named; name them under `roles: judges:`";
        if (!roles.Voting.Any())
            return "no judge of the committee may vote: " + string.Join("; ", roles.Judges.Select(j => $"{j.Name}: {j.Barred}"));
        return RunBounds.Share.Problem("the share of dialogues that all judges judge", committee.FullShare);
    }

    private static string Unknown(ImmutableArray<EndpointSpec> endpoints) => $"which is none of {Names(endpoints)}";

    private static string Names(ImmutableArray<EndpointSpec> endpoints) => string.Join(", ", endpoints.Select(e => e.Name));
}
