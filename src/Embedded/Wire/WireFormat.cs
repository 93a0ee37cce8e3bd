using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using ConvoSynth.Embedded.Runtime;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Wire;

/// <summary>Writes what crosses a grain call as JSON and reads it back, as if caller and grain were two processes.</summary>
internal sealed class WireFormat
{
    private readonly JsonSerializerOptions _json;
    private readonly ConcurrentDictionary<Type, string?> _faults = new();

    public WireFormat(JsonSerializerOptions json, GrainReferences references)
    {
        _json = new JsonSerializerOptions(json);
        _json.Converters.Insert(0, new GrainReferenceJsonConverter(references));
        _json.MakeReadOnly(populateMissingResolver: true);
    }

    /// <summary>How one method's values cross.</summary>
    /// <param name="method">The grain method.</param>
    /// <param name="result">What it returns or yields; null for nothing.</param>
    public WireContract ContractOf(MethodInfo method, Type? result) => new(this, method, result);

    /// <summary>One value across one half of the wire.</summary>
    /// <exception cref="OrleansException">The value does not survive; the message says what and why.</exception>
    public byte[] Write(object? value, Type type, string what)
    {
        if (_faults.GetOrAdd(type, FindFault) is { } fault)
            throw new OrleansException($"{what} does not survive the wire: {fault}.");
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, _json.GetTypeInfo(type));
        }
        catch (Exception failure)
        {
            throw new OrleansException($"{what} does not survive the wire: {type.Name} cannot be written as JSON ({failure.Message}).", failure);
        }
    }

    /// <inheritdoc cref="Write"/>
    public object? Read(byte[] written, Type type, string what)
    {
        object? value;
        byte[] again;
        try
        {
            value = JsonSerializer.Deserialize(written, _json.GetTypeInfo(type));
            again = JsonSerializer.SerializeToUtf8Bytes(value, _json.GetTypeInfo(type));
        }
        catch (Exception failure)
        {
            throw new OrleansException($"{what} does not survive the wire: {type.Name} cannot be read back from JSON ({failure.Message}).", failure);
        }

        // A member that is written but not read back shows only when the value is written again.
        if (!written.AsSpan().SequenceEqual(again))
            throw new OrleansException($"{what} does not survive the wire: {type.Name} reads back as something else than was written.");
        return value;
    }

    private string? FindFault(Type type) => WireTypeCheck.FindFault(type, _json);
}
