using System.Collections.Frozen;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Evidence;

/// <summary>A rule of <c>rules.yaml</c> with its tool names resolved.</summary>
/// <param name="Clause">The policy sentence behind the rule.</param>
/// <param name="Options">The rule's own options.</param>
/// <param name="Tools">The tools to which the rule applies.</param>
internal sealed record BoundRule(PolicyClause Clause, Json Options, FrozenSet<string> Tools)
{
    /// <summary>The clause in the form that evidence quotes.</summary>
    public string Quote { get; } = $"clause {Clause.Number} ({Clause.Text})";
}

/// <summary>A pack's rules by kind, with their tools resolved.</summary>
internal sealed class RuleBook(Pack pack)
{
    private readonly FrozenSet<string> _all = pack.Tools.All.Select(t => t.Name).ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _writes = pack
        .Tools.All.Where(t => t.Writes)
        .Select(t => t.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The rules of a kind; <paramref name="key"/> is the option that names their tools, null for all tools.</summary>
    public IReadOnlyList<BoundRule> Of(string kind, string? key = null) =>
        [
            .. pack
                .Rules.Where(r => r.Rule == kind)
                .Select(r => new BoundRule(
                    pack.Policy.Clause(r.Clause) ?? new(r.Clause, "", 0),
                    r.Options,
                    key is null ? _all : Tools(r, key)
                )),
        ];

    /// <summary>The tools that an option names: <c>write</c>, <c>any</c>, one name or a list of names.</summary>
    /// <exception cref="InvalidOperationException">A name belongs to no tool of the pack.</exception>
    public FrozenSet<string> Tools(RuleSpec rule, string key) => Tools(rule.Options[key], $"rules.yaml:{rule.Line}: {key}");

    public FrozenSet<string> Tools(Json named, string where) =>
        named switch
        {
            JsonNull => FrozenSet<string>.Empty,
            JsonText { Value: "write" } => _writes,
            JsonText { Value: "any" } => _all,
            JsonText text => new[] { Known(text.Value, where) }.ToFrozenSet(StringComparer.Ordinal),
            JsonList list => list.Items.SelectMany(i => Tools(i, where)).ToFrozenSet(StringComparer.Ordinal),
            _ => throw new InvalidOperationException($"{where} wants the name of a tool or a list of names, not {named}"),
        };

    private string Known(string tool, string where) =>
        _all.Contains(tool) ? tool : throw new InvalidOperationException($"{where} names {tool}, which is no tool of the pack {pack.Name}");
}
