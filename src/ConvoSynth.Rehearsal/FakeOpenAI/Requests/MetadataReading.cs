using System.Globalization;
using System.Text.Json;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>
/// Parses a request's <c>metadata</c>, an object of strings. Keys with the prefix <c>convosynth_</c> name the script; other keys are
/// ignored.
/// </summary>
internal sealed class MetadataReading
{
    private const string Prefix = "convosynth_";

    // Keys without the prefix.
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    private MetadataReading() { }

    /// <summary>Parses the object at the reader's position.</summary>
    /// <returns>Null if the metadata names no script.</returns>
    /// <exception cref="RefusedException">The metadata names a script, but a field is missing or invalid.</exception>
    public static ScriptCall? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw RefusedException.Invalid("metadata must be an object of strings", "metadata");
        var metadata = new MetadataReading();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw RefusedException.Invalid("metadata must be an object of strings", "metadata");
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
                metadata._told[name[Prefix.Length..]] = reader.GetString()!;
        }

        return metadata.Of("run") is { } run ? metadata.Call(run) : null;
    }

    private ScriptCall Call(string run)
    {
        var role = Needed("role");
        if (
            role is not ("human" or "agent" or "writer" or "proposer" or "summarizer")
            && (!role.StartsWith("judge:", StringComparison.Ordinal) || role.Length == 6)
        )
            throw Wrong("role", role, "human, agent, writer, proposer, summarizer, or judge: and a name");
        var index = Whole("index", 0, long.MaxValue);
        var count = Of("count") is null ? (long?)null : Whole("count", 1, long.MaxValue);
        if (index >= count)
            throw Wrong("index", $"{index}", $"below the count, {count}");
        return new(
            new(Needed("domains"), Whole("seed", long.MinValue, long.MaxValue), count, Rate("fault_rate"), Path("data"), Path("blueprints"))
            {
                Combined = Rate("combined"),
                Recombine = Rate("recombine"),
                Rounds = (int)Whole("rounds", 0, RunBounds.Rounds.To, "0"),
                Thoughts = Of("thoughts") is "1",
                Slices = Of("slices") is { Length: > 0 } slices ? slices : null,
                Proposals = Of("proposals") is null ? null : Rate("proposals"),
                Worlds = (int)Whole("worlds", 0, RunBounds.Worlds.To, "0"),
                PartitionSize = Of("partition_size") is null ? null : (int)Whole("partition_size", 1, RunBounds.PartitionSize.To),
            },
            new(
                new(run, index, (int)Whole("attempt", 0, int.MaxValue, "0")),
                role,
                (int)Whole("step", 0, int.MaxValue, "0"),
                Of("part") ?? ""
            ),
            Of("candidates") is null ? null : (int)Whole("candidates", 1, 1000)
        );
    }

    private string? Of(string name) => _told.GetValueOrDefault(name);

    private string? Path(string name) => Of(name) is { Length: > 0 } path ? path : null;

    private string Needed(string name) =>
        Of(name) ?? throw RefusedException.Invalid($"the metadata names a script but has no {Prefix}{name}", $"metadata.{Prefix}{name}");

    private long Whole(string name, long from, long to, string? otherwise = null)
    {
        var text = Of(name) ?? otherwise ?? Needed(name);
        return
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to
            ? value
            : throw Wrong(
                name,
                text,
                from == long.MinValue ? "a whole number" : $"a whole number from {from}{(to == long.MaxValue ? "" : $" to {to}")}"
            );
    }

    private double Rate(string name)
    {
        if (Of(name) is not { } text)
            return 0;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1
            ? rate
            : throw Wrong(name, text, "from 0 to 1");
    }

    private static RefusedException Wrong(string name, string value, string must) =>
        RefusedException.Invalid($"metadata.{Prefix}{name} is \"{value}\"; it must be {must}", $"metadata.{Prefix}{name}");
}
