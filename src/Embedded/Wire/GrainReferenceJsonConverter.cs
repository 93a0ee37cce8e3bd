using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Embedded.Runtime;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Wire;

/// <summary>A grain crosses as its id, and arrives as a reference.</summary>
internal sealed class GrainReferenceJsonConverter(GrainReferences references) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsInterface && typeToConvert.IsAssignableTo(typeof(IGrain));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert), references)!;

    private sealed class Of<T>(GrainReferences references) : JsonConverter<T>
        where T : class, IAddressable
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (T)(object)references.Create(typeof(T), GrainId.Parse(reader.GetString()!));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.GetGrainId().ToString());
    }
}
