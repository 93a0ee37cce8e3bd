using System.Collections.Frozen;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// The parameters of a pack's policy: fees, limits, windows. They stand in <c>worlds.yaml</c> alone; policy, other YAML files, data and
/// tools take them from here, so that no two of them can differ.
/// </summary>
public sealed class PackParameters
{
    private readonly FrozenDictionary<string, Json> _values;

    internal PackParameters(IReadOnlyList<KeyValuePair<string, Json>> values)
    {
        All = values;
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Those of a pack without <c>worlds.yaml</c>.</summary>
    public static PackParameters None { get; } = new([]);

    /// <summary>Name and value, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, Json>> All { get; }

    public Json this[string name] =>
        _values.TryGetValue(name, out var value)
            ? value
            : throw new InvalidOperationException(
                $"worlds.yaml has no parameter {name}; it has {string.Join(", ", All.Select(p => p.Key))}"
            );

    public double Number(string name) =>
        this[name].Number ?? throw new InvalidOperationException($"the parameter {name} is {this[name]}, which is no number");

    public int Int(string name) => (int)Number(name);

    public decimal Money(string name) => (decimal)Number(name);

    internal Json? Find(string name) => _values.GetValueOrDefault(name);
}
