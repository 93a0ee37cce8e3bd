using System.Text.Json;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Specs;

/// <summary>Compares the spec of a resume with that in the run folder.</summary>
internal static class SpecDifference
{
    private static readonly JsonElement Unset = JsonSerializer.SerializeToElement(0, SpecJson.Default.Int32);

    /// <summary>The first field that differs, as a sentence with both values; null if none does.</summary>
    public static string? Between(RunSpec held, RunSpec asked)
    {
        var a = JsonSerializer.SerializeToElement(Deciding(held), SpecJson.Default.RunSpec);
        var b = JsonSerializer.SerializeToElement(Deciding(asked), SpecJson.Default.RunSpec);
        // A field with its default value is not written, so either side may lack it.
        foreach (var name in a.EnumerateObject().Concat(b.EnumerateObject()).Select(p => p.Name).Distinct(StringComparer.Ordinal))
        {
            var (ours, theirs) = (Field(a, name), Field(b, name));
            if (!JsonElement.DeepEquals(ours, theirs))
                return $"its {name.Replace('_', ' ')} is {OneLine(ours, theirs)}, not {OneLine(theirs, ours)}";
        }

        return null;
    }

    private static JsonElement Field(JsonElement spec, string name) => spec.TryGetProperty(name, out var value) ? value : Unset;

    // An endpoint's address, price, key and limits may change between resumes: no request contains them, so the journal stays valid.
    // Prompts have their own check.
    private static RunSpec Deciding(RunSpec spec) =>
        spec with
        {
            PromptHashes = [],
            Endpoints =
            [
                .. spec.Endpoints.Select(e =>
                    e with
                    {
                        Url = null,
                        Api = default,
                        ApiVersion = null,
                        KeyVariable = null,
                        KeyFile = null,
                        Entra = false,
                        Price = null,
                        Account = null,
                        RequestsPerMinute = null,
                        TokensPerMinute = null,
                        InFlight = null,
                        TimeoutSeconds = 0,
                        Retries = 0,
                    }
                ),
            ],
        };

    // For a list, only the items that the other one lacks.
    private static string OneLine(JsonElement value, JsonElement other)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return value.GetRawText();
        var items = value
            .EnumerateArray()
            .Where(v => other.ValueKind != JsonValueKind.Array || !other.EnumerateArray().Any(o => JsonElement.DeepEquals(v, o)));
        return string.Join(", ", items.Select(v => v.GetRawText())) is { Length: > 0 } listed ? listed : "shorter";
    }
}
