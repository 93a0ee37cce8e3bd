using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Endpoints;

/// <summary>An endpoint's key. Only the client that sends it can read it.</summary>
public sealed class EndpointKey
{
    internal EndpointKey(string value) => Value = value;

    internal string Value { get; }

    public override string ToString() => "(key)";
}

/// <summary>Reads keys from the environment variable or file that a spec names.</summary>
/// <param name="variable">Returns an environment variable's value, null if it is not set; the process's own by default.</param>
/// <param name="file">
/// Returns a file's text; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if it cannot.
/// </param>
public sealed class EndpointKeys(Func<string, string?>? variable = null, Func<string, string>? file = null)
{
    // Self-hosted servers often need no key, and the header must hold something.
    private const string Placeholder = "none";

    private readonly Func<string, string?> _variable = variable ?? Environment.GetEnvironmentVariable;
    private readonly Func<string, string> _file = file ?? File.ReadAllText;

    /// <summary>The key, or a sentence on why there is none. Both are null for an endpoint that signs in by Entra ID.</summary>
    public (EndpointKey? Key, string? Problem) Of(EndpointSpec spec)
    {
        if (spec.Entra)
            return (null, null);
        var (text, problem) = spec switch
        {
            { KeyVariable: { } name } => _variable(name) is { } value
                ? (value, null)
                : (
                    null,
                    $"endpoint \"{spec.Name}\" takes its key from the environment variable {name}, "
                        + "which is not set; export it before the run"
                ),
            { KeyFile: { } path } => Read(spec, path),
            { Provider: EndpointProvider.OpenAICompatible } => (Placeholder, null),
            _ => (null, spec.Problem() ?? $"endpoint \"{spec.Name}\" has no key"),
        };
        if (problem is not null)
            return (null, problem);
        var key = text!.Trim();
        if (key.Length == 0)
            return (null, $"{Source(spec)} for endpoint \"{spec.Name}\" is empty; put the key there, and nothing else");
        return key.All(c => c is > ' ' and < (char)127)
            ? (new(key), null)
            : (
                null,
                $"{Source(spec)} for endpoint \"{spec.Name}\" holds more than a key (blanks, "
                    + "line breaks or characters that no header may have)"
            );
    }

    /// <summary>The first endpoint without a key, as a sentence; null if all have one.</summary>
    public string? Problem(IEnumerable<EndpointSpec> endpoints) => endpoints.Select(e => Of(e).Problem).FirstOrDefault(p => p is not null);

    private (string? Text, string? Problem) Read(EndpointSpec spec, string path)
    {
        try
        {
            return (_file(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (
                null,
                $"endpoint \"{spec.Name}\" takes its key from the file {path}, which cannot be read ({e.GetType().Name}); "
                    + "name a file that holds the key"
            );
        }
    }

    internal static string Source(EndpointSpec spec) =>
        spec switch
        {
            { Entra: true } => "the Entra ID sign-in",
            { KeyVariable: { } name } => $"the environment variable {name}",
            { KeyFile: { } path } => $"the file {path}",
            _ => "the placeholder key",
        };
}
