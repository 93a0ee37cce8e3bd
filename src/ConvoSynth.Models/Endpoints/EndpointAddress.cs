using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Where an endpoint's requests go.</summary>
public static class EndpointAddress
{
    private const string OpenAI = "https://api.openai.com/v1";
    private const string Anthropic = "https://api.anthropic.com";

    /// <summary>
    /// The address before <c>/chat/completions</c> or <c>/responses</c>. Azure's v1 address is <c>{resource}/openai/v1/</c> and has the deployment in the body. Of its
    /// older one it is the resource alone: Azure's client adds the deployment and the version. Of Anthropic's it is what
    /// stands before <c>/v1/messages</c>.
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

    /// <summary>What a message may show of it: no user, no query.</summary>
    public static string Shown(EndpointSpec spec) => Base(spec).GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Without(string url, string end) => url.EndsWith(end, StringComparison.Ordinal) ? url[..^end.Length] : url;
}
