namespace ConvoSynth.Domains.Packs;

/// <summary>Every name that the tools use must be in <c>domain.yaml</c> or <c>policy.md</c>, and the reverse.</summary>
internal static class NameCheck
{
    private const string Tools = "Tools.cs";

    public static void Run(DomainSpec domain, ToolSet tools, Policy policy, Func<string, int> lineOf, List<PackDiagnostic> faults)
    {
        foreach (var tool in tools.All)
        {
            void Fail(string reason) => faults.Add(new(Tools, lineOf(tool.Name), $"{tool.Name}: {reason}"));
            foreach (var parameter in tool.Parameters)
            {
                if (parameter.Is is { } field && domain.Find(field) is null)
                    Fail($"the argument {parameter.Name} is {field}, which domain.yaml does not have");
                foreach (var (name, part) in parameter.Parts)
                {
                    if (part is not null && domain.Find(part) is null)
                        Fail($"the property {name} of {parameter.Name} is {part}, which domain.yaml does not have");
                }
            }

            foreach (var named in tool.Reveals.Concat(tool.Changes))
            {
                if (!domain.Entities.ContainsKey(named) && domain.Find(named) is null)
                    Fail($"{named} is no entity or field of domain.yaml");
            }

            if (tool.Writes && tool.Changes.Count == 0)
                Fail("a [Write] must say what it Changes");
            foreach (var guard in tool.Guards)
            {
                if (policy.Clause(guard.Clause) is null)
                    Fail($"the guard {guard.Name} stands for clause {guard.Clause}, which policy.md does not have");
                foreach (var row in guard.Parameters.Where(p => p.Input == GuardInput.Row && !domain.Entities.ContainsKey(p.Name)))
                    Fail($"the guard {guard.Name} takes a row \"{row.Name}\", which is no entity of domain.yaml");
            }
        }

        foreach (var proof in domain.Identity)
        {
            if (tools.Find(proof.Tool) is null)
                faults.Add(new("domain.yaml", 0, $"identity names the tool {proof.Tool}, which Tools.cs does not have"));
        }

        foreach (var act in domain.Acts.Keys.Order(StringComparer.Ordinal))
        {
            if (tools.Find(act) is null)
                faults.Add(new("domain.yaml", 0, $"acts names the tool {act}, which Tools.cs does not have"));
        }
    }
}
