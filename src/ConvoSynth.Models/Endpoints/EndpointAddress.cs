using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Endpoints;

/// <summary>The addresses of an endpoint's requests.</summary>
public static class EndpointAddress
{
    private const string OpenAI = "https://api.openai.com/v1";
    private const string Anthropic = "https://api.anthropic.com";

    /// <summary>
    /// The address before <c>/chat/completions</c> or <c>/responses</c>. For Azure's v1 API it is <c>{resource}/openai/v1/</c>, with the
    /// deployment in the body. For Azure's older API it is the resource alone: Azure's client adds deployment and version. For Anthropic
    /// it is what precedes <c>/v1/messages</c>.
    /// </summary>
    public static Uri Base(EndpointSpec spec)
    {
        var url = (spec.Url ?? (spec.Provider == EndpointProvider.Anthropic ? Anthropic : OpenAI)).TrimEnd('/');
        if (spec.Provider == EndpointProvider.Anthropic)
            url = Without(url, "/v1");
        if (spec.Provider == EndpointProvider.AzureOpenAI)
        {
            var resource = Without(Without(url, "/v1"), "/openai"); // The portal shows both forms.
            url = spec.Api == AzureApi.V1 ? $"{resource}/openai/v1" : resource;
        }

        return new(url + "/");
    }

    /// <summary>The address without user and query, fit for a message.</summary>
    public static string Shown(EndpointSpec spec) => Base(spec).GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Without(string url, string end) => url.EndsWith(end, StringComparison.Ordinal) ? url[..^end.Length] : url;
}
