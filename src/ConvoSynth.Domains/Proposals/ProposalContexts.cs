using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// Samples what proposals begin with: a person and their records, tools that fit these, clauses, a persona and examples. How much there
/// is of each is drawn anew for each index, since proposals from the same mix resemble each other.
/// </summary>
/// <param name="examples">The example of a seed; null for none.</param>
public sealed class ProposalContexts(Pack pack, Func<Seed, ProposalExample?> examples)
{
    private const int MaxTools = 3;
    private const int MaxClauses = 3;
    private const int MaxExamples = 3;
    private const int FewestRecords = 6;
    private const int MostRecords = 20;
    private const int PersonTries = 20;

    private readonly RecordWalk _walk = new(pack);

    /// <summary>A function of pack, seed and examples.</summary>
    public ProposalContext Sample(Seed seed)
    {
        var random = seed.For("context").Random();
        var rows = _walk.Of(Person(random), random.Between(FewestRecords, MostRecords), random);
        var tools = Tools(rows, random.Between(1, MaxTools), random);
        string[] clauses =
        [
            .. tools.SelectMany(t => t.Guards).Select(g => g.Clause).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        return new()
        {
            Tools = [.. tools.Select(t => t.Name)],
            Clauses = [.. random.Shuffled(clauses).Take(random.Next(MaxClauses + 1)).Order(StringComparer.Ordinal)],
            Records = [.. rows.Select(RecordWalk.Text)],
            Persona = random.Pick(pack.Personas),
            Examples = Examples(seed, random.Next(MaxExamples + 1)),
        };
    }

    // A person without records has nothing to ask for.
    private EntityRow Person(SeededRandom random)
    {
        var people = pack.Rows.All(pack.BaseView, pack.Domain.Entity(pack.Domain.Who)).ToArray();
        var person = random.Pick(people);
        for (var i = 0; i < PersonTries && !_walk.HasRecords(person); i++)
            person = random.Pick(people);
        return person;
    }

    // A walk over tools: each next one concerns an entity that the ones before it concern, or is drawn freely where none does.
    private List<ToolSpec> Tools(IReadOnlyList<EntityRow> rows, int wanted, SeededRandom random)
    {
        var there = rows.Select(r => r.Entity.Name).ToHashSet(StringComparer.Ordinal);
        ToolSpec[] writes = [.. pack.Tools.All.Where(t => t.Writes)];
        ToolSpec[] fitting = [.. writes.Where(t => Entities(t).All(there.Contains))];
        var left = random.Shuffled(fitting.Length > 0 ? fitting : writes).ToList();
        var walked = new List<ToolSpec>();
        while (walked.Count < wanted && left.Count > 0)
        {
            var near = left.FindIndex(t => walked.Exists(w => Entities(w).Intersect(Entities(t), StringComparer.Ordinal).Any()));
            var next = left[Math.Max(near, 0)];
            left.Remove(next);
            walked.Add(next);
        }

        return walked;
    }

    private IEnumerable<string> Entities(ToolSpec tool) =>
        tool
            .Parameters.Select(p => pack.Domain.EntityOfKey(p.Is)?.Name)
            .OfType<string>()
            .Where(e => !string.Equals(e, pack.Domain.Who, StringComparison.Ordinal));

    private ImmutableArray<ProposalExample> Examples(Seed seed, int wanted) =>
        [
            .. Enumerable
                .Range(0, wanted)
                .Select(i => examples(seed.For("example").For(i)))
                .OfType<ProposalExample>()
                .DistinctBy(e => e.Name, StringComparer.Ordinal),
        ];
}
