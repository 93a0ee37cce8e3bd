using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Export.Records;
using ConvoSynth.Export.Tokens;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Export.Inspections;

/// <summary>The spread of a number over records.</summary>
public sealed record Spread(long Least, long Median, long Most95, long Most)
{
    internal static Spread Of(List<long> values)
    {
        values.Sort();
        return new(values[0], values[values.Count / 2], values[(int)Math.Min(values.Count - 1, values.Count * 0.95)], values[^1]);
    }
}

/// <summary>The lengths of records in tokens.</summary>
public sealed record TokenLengths(string Tokenizer, long Median, long Most90, long Most)
{
    internal static TokenLengths? Of(TokenCounter? counter, List<long> lengths)
    {
        if (counter is null || lengths.Count == 0)
            return null;
        lengths.Sort();
        return new(counter.Name, lengths[lengths.Count / 2], lengths[(int)Math.Min(lengths.Count - 1, lengths.Count * 0.9)], lengths[^1]);
    }
}

/// <summary>A field of the records: the JSON types that it has, each with how many records have it.</summary>
/// <param name="Absent">The records without the field.</param>
public sealed record InspectedField(string Name, IReadOnlyDictionary<string, long> Types, long Absent);

/// <param name="Offered">The records that offer it.</param>
/// <param name="Called">The calls of it, in all records.</param>
public sealed record InspectedTool(string Name, long Offered, long Called);

/// <summary>What a run, an export or a file of training data holds: schema, counts, lengths, tools and samples.</summary>
public sealed record Inspection
{
    // Longer ones are cut when they are shown, and one is enough to see the form.
    private const int SampleLength = 600;

    public required string Path { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public required long Records { get; init; }

    public required IReadOnlyList<InspectedField> Fields { get; init; }

    /// <summary>Role → messages, over all lists of messages.</summary>
    public required IReadOnlyDictionary<string, long> Roles { get; init; }

    /// <summary>Field of messages → messages a record.</summary>
    public required IReadOnlyDictionary<string, Spread> Messages { get; init; }

    /// <summary>Characters a record; null if no record has messages.</summary>
    public required Spread? Characters { get; init; }

    /// <summary>Null without a tokenizer, or if no record has messages or a text.</summary>
    public required TokenLengths? Tokens { get; init; }

    public required IReadOnlyList<InspectedTool> Tools { get; init; }

    /// <summary>The first records, cut to 600 characters.</summary>
    public required IReadOnlyList<string> Samples { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, InspectionJson.Default.Inspection);

    /// <summary>Reads a run's rows, of all statuses.</summary>
    /// <exception cref="ExportException">The run has no rows.</exception>
    public static Inspection Of(RunFolder run, int samples, TokenCounter? counter = null) =>
        Of((run.Path, [.. new RunReader(run).Shards().Select(s => s.File)]), RecordSource.Read(run), samples, counter);

    /// <summary>Reads a file of JSON lines, JSON or Parquet, or all of them in a folder.</summary>
    /// <exception cref="ExportException">There is no such file, or it cannot be read.</exception>
    public static Inspection Of(string path, int samples, TokenCounter? counter = null)
    {
        var files = RecordSource.FilesOf(path);
        return Of((path, files), files.SelectMany(RecordSource.Read), samples, counter);
    }

    private static Inspection Of(
        (string Path, IReadOnlyList<string> Files) source,
        IEnumerable<JsonElement> records,
        int samples,
        TokenCounter? counter
    )
    {
        var fields = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        var roles = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var messages = new SortedDictionary<string, List<long>>(StringComparer.Ordinal);
        var (offered, called) = (
            new Dictionary<string, long>(StringComparer.Ordinal),
            new Dictionary<string, long>(StringComparer.Ordinal)
        );
        var (characters, tokens) = (new List<long>(), new List<long>());
        var shown = new List<string>();
        var count = 0L;
        foreach (var record in records)
        {
            count++;
            if (shown.Count < samples)
                shown.Add(record.GetRawText() is { Length: > SampleLength } text ? $"{text[..SampleLength]}…" : record.GetRawText());
            if (record.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in record.EnumerateObject())
                    Up(
                        fields.TryGetValue(field.Name, out var types) ? types : fields[field.Name] = new(StringComparer.Ordinal),
                        TypeOf(field.Value)
                    );
            }

            foreach (var tool in Spoken.ToolsOf(record).Distinct(StringComparer.Ordinal))
                Up(offered, tool);
            var length = 0L;
            foreach (var (field, list) in Spoken.Of(record))
            {
                (messages.TryGetValue(field, out var counts) ? counts : messages[field] = []).Add(list.Length);
                foreach (var message in list)
                {
                    roles[Spoken.RoleOf(message)] = roles.GetValueOrDefault(Spoken.RoleOf(message)) + 1;
                    length += Spoken.LengthOf(message);
                    foreach (var (name, _) in Spoken.CallsOf(message))
                        Up(called, name);
                }
            }

            if (length > 0)
                characters.Add(length);
            if (counter is not null && Spoken.TextsOf(record).ToArray() is { Length: > 0 } texts)
                tokens.Add(texts.Sum(t => (long)counter.Count(t)));
        }

        if (count == 0)
            throw new ExportException($"{source.Path} holds no record");
        return new()
        {
            Path = source.Path,
            Files = source.Files,
            Records = count,
            Fields = [.. fields.Select(f => new InspectedField(f.Key, f.Value, count - f.Value.Values.Sum()))],
            Roles = roles,
            Messages = messages.ToDictionary(m => m.Key, m => Spread.Of(m.Value), StringComparer.Ordinal),
            Characters = characters.Count == 0 ? null : Spread.Of(characters),
            Tokens = TokenLengths.Of(counter, tokens),
            Tools =
            [
                .. offered
                    .Keys.Union(called.Keys)
                    .Order(StringComparer.Ordinal)
                    .Select(t => new InspectedTool(t, offered.GetValueOrDefault(t), called.GetValueOrDefault(t))),
            ],
            Samples = shown,
        };
    }

    private static string TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "flag",
            JsonValueKind.Number => "number",
            JsonValueKind.String => "text",
            JsonValueKind.Array => "list",
            JsonValueKind.Object => "object",
            _ => "null",
        };

    private static void Up(Dictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(Inspection))]
internal sealed partial class InspectionJson : JsonSerializerContext;
