using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Campaigns;

/// <summary>A seat of the committee.</summary>
/// <param name="Name">The name in votes, ledger and rows; unique in a run.</param>
/// <param name="Endpoint">The endpoint that answers for the seat; several seats may share one.</param>
[JsonConverter(typeof(SeatSpecConverter))]
public sealed record SeatSpec(string Name, string Endpoint)
{
    /// <summary>What the seat looks at first, as a part of its prompt; null: the prompts alone.</summary>
    public string? Rubric { get; init; }

    /// <summary>Why calibration bars the seat from voting; null: it votes.</summary>
    public string? Barred { get; init; }

    /// <summary>A seat that is called like its endpoint.</summary>
    public static SeatSpec FromString(string endpoint) => new(endpoint, endpoint);

    public static implicit operator SeatSpec(string endpoint) => FromString(endpoint);
}

/// <summary>How the committee sits. A run whose spec lacks it asks every seat for each vote, in one order and with one meaning of
/// 1.</summary>
public sealed record CommitteeSpec
{
    /// <summary>Whether the seats vote on each task before it is played.</summary>
    /// <value>False by default.</value>
    public bool Blueprints { get; init; }

    /// <summary>
    /// Share of dialogues that every seat judges, for the figure of agreement; for the others, asking ends when the majority is certain.
    /// </summary>
    /// <value>0.05 by default; 0 to 1.</value>
    public double FullShare { get; init; } = 0.05;
}

/// <summary>A seat that has its endpoint's name and nothing else is a string, as in specs before seats had names.</summary>
public sealed class SeatSpecConverter : JsonConverter<SeatSpec>
{
    public override SeatSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString()!;
        string? name = null,
            endpoint = null,
            rubric = null,
            barred = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            if (field == "name")
                name = reader.GetString();
            else if (field == "endpoint")
                endpoint = reader.GetString();
            else if (field == "rubric")
                rubric = reader.GetString();
            else if (field == "barred")
                barred = reader.GetString();
            else
                reader.Skip();
        }

        return name is not null && endpoint is not null
            ? new(name, endpoint) { Rubric = rubric, Barred = barred }
            : throw new JsonException("a seat of the committee needs a name and an endpoint");
    }

    public override void Write(Utf8JsonWriter writer, SeatSpec value, JsonSerializerOptions options)
    {
        if (value == SeatSpec.FromString(value.Endpoint))
        {
            writer.WriteStringValue(value.Endpoint);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteString("endpoint", value.Endpoint);
        if (value.Rubric is { } rubric)
            writer.WriteString("rubric", rubric);
        if (value.Barred is { } barred)
            writer.WriteString("barred", barred);
        writer.WriteEndObject();
    }
}
