using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.Packs;

/// <summary>A pack but for its database: what its files say under one set of parameters.</summary>
internal sealed record PackContent
{
    public required PackSources Sources { get; init; }

    public required PackCode Code { get; init; }

    public required PackParameters Parameters { get; init; }

    public required DomainSpec Domain { get; init; }

    public required Policy Policy { get; init; }

    public required IReadOnlyList<RuleSpec> Rules { get; init; }

    public required IReadOnlyList<Persona> Personas { get; init; }

    public required IReadOnlyList<IntentSpec> Intents { get; init; }

    /// <summary>What humans ask that the policy alone answers; empty without <c>questions.yaml</c>.</summary>
    public IReadOnlyList<PackQuestion> Questions { get; init; } = [];

    /// <summary>Tools that only look like the pack's own; empty without <c>lookalikes.yaml</c>.</summary>
    public IReadOnlyList<LookalikeTool> Lookalikes { get; init; } = [];

    /// <summary>Clauses that say something else in tasks of a slice; empty without <c>amendments.yaml</c>.</summary>
    public IReadOnlyList<Amendment> Amendments { get; init; } = [];

    /// <summary>Reads a pack's files; null if they have errors.</summary>
    /// <param name="known">The compiled code, if the pack was loaded before.</param>
    public static PackContent? Read(PackFolder files, List<PackDiagnostic> faults, PackCode? known = null)
    {
        foreach (var (path, content) in files.Sources.Files.Where(f => PackFolder.TakesParameters(f.Path)))
            ParameterText.Check(path, PackSources.TextOf(content), files.Parameters, faults);
        var domain = files.Yaml("domain.yaml", faults) is { } root ? DomainReading.Read(root) : null;
        var policyText = files.TextOf("policy.md");
        if (policyText is null)
            faults.Add(new("policy.md", 0, "the file is missing"));
        else if (YamlPart.Unreadable("policy.md", policyText) is { } unreadable)
            faults.Add(unreadable);
        var policy = Policy.Read(policyText ?? "", faults);
        var rules = files.Yaml("rules.yaml", faults) is { } rulesRoot ? RuleSpec.Read(rulesRoot, policy) : [];
        var personas = files.Yaml("personas.yaml", faults) is { } personasRoot ? PersonaReading.Read(personasRoot) : [];
        var code = known ?? PackCode.Compile(files.Sources, faults);
        if (domain is null || code is null || faults.Count > 0)
            return null;
        NameCheck.Run(domain, code.Tools, policy, code.LineOf, faults);
        var intents = files.Yaml("intents.yaml", faults) is { } intentsRoot
            ? new IntentReading(files.TextOf, domain, code.Tools, faults).Read(intentsRoot)
            : [];
        var questions = Optional(files, "questions.yaml", faults) is { } asked ? PackQuestion.Read(asked, policy) : [];
        var lookalikes = Optional(files, "lookalikes.yaml", faults) is { } alike ? LookalikeTool.Read(alike, code.Tools) : [];
        var amendments = Optional(files, PackAmendments.File, faults) is { } amended ? PackAmendments.Read(amended, policy, rules) : [];
        return faults.Count > 0
            ? null
            : new()
            {
                Sources = files.Sources,
                Code = code,
                Parameters = files.Parameters,
                Domain = domain,
                Policy = policy,
                Rules = rules,
                Personas = personas,
                Intents = intents,
                Questions = questions,
                Lookalikes = lookalikes,
                Amendments = amendments,
            };
    }

    private static YamlPart? Optional(PackFolder files, string path, List<PackDiagnostic> faults) =>
        files.TextOf(path) is null ? null : files.Yaml(path, faults);
}
