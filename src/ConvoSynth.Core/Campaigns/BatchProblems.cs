using System.Collections.Immutable;

namespace ConvoSynth.Core.Campaigns;

/// <summary>Problems of endpoints that send batches. Each is a sentence that names the value.</summary>
internal static class BatchProblems
{
    public static string? Of(EndpointSpec spec, string where)
    {
        if (spec.Batch is not { } batch)
            return null;
        if (spec.Provider is not (EndpointProvider.OpenAI or EndpointProvider.AzureOpenAI))
            return $"{where}: `batch` is for `provider: openai` and `azure-openai`; leave it out";
        if (spec.Api == AzureApi.Deployments)
            return $"{where}: `batch` needs Azure's v1 address; leave `api` and `api_version` out";
        if (spec.Fallback is { } fallback)
            return $"{where} sends batches and falls back to \"{fallback}\", and a batch is waited for; leave one of the two out";
        if (batch.Requests is < 1 or > 50_000)
            return $"{where}: `requests` of its batches is {batch.Requests}; it must be from 1 to 50000";
        if (batch.Seconds is not (>= 0.1 and <= 86_400))
            return $"{where}: `seconds` of its batches is {batch.Seconds}; it must be from 0.1 to 86400";
        if (batch.EnqueuedTokens < 1000)
            return $"{where}: `enqueued_tokens` of its batches is {batch.EnqueuedTokens}; it must be at least 1000";
        if (batch.PollSeconds is not (>= 0.1 and <= 3600))
            return $"{where}: `poll_seconds` of its batches is {batch.PollSeconds}; it must be from 0.1 to 3600";
        return batch.PriceShare is < 0 or > 1
            ? $"{where}: `price_share` of its batches is {batch.PriceShare}; it must be from 0 to 1"
            : null;
    }

    /// <summary>A dialogue's turns wait for each other, so none may go by batch.</summary>
    public static string? OfTurns(RoleEndpoints roles, ImmutableArray<EndpointSpec> endpoints)
    {
        foreach (var (role, name) in roles.All().Where(r => r.Role is "human" or "agent"))
        {
            for (var at = Find(name); at is not null; at = at.Fallback is { } next ? Find(next) : null)
            {
                if (at.Batch is not null)
                    return $"the role {role} is given to the endpoint \"{at.Name}\", which sends batches; a dialogue's turns wait for each "
                        + "other, so give the role an endpoint without `batch`";
            }
        }

        return null;

        EndpointSpec? Find(string name) => endpoints.FirstOrDefault(e => e.Name == name);
    }
}
