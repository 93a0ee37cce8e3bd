namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>What a word behind a fence's language says about how its block is tried.</summary>
internal static class Fences
{
    /// <summary>Words that keep a block from being run, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> NotRun { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["needs-key"] = "a provider's account; the specs are read by SpecTests",
            ["needs-recording"] = "dialogues of a real model that earned their reward; AuditTests runs it where the machine has them",
            ["needs-cluster"] = "Redis and silos; the Cluster tests run these blocks where Redis is installed",
            ["needs-containers"] = "a container engine or Kubernetes; the Infra tests hold these blocks against compose file and manifests",
            ["needs-decisions"] = "decisions of a reviewer; the Review tests make some and promote them",
            ["runs-until-stopped"] = "a server; the Review and the Serve tests start it",
            ["needs-rollouts"] = "rollouts of a model in training; the Serve tests make some and grade them",
            ["needs-dataset"] = "dialogues of another program; the Serve tests audit recorded ones where the machine has them",
            ["needs-template"] = "a chat template of a model; the Export tests render some where the machine has them",
            ["needs-logprobs"] = "a server that gives log-probabilities of prompts; UsefulnessTests asks the test endpoint",
            ["needs-python"] = "Hugging Face datasets",
            ["needs-duckdb"] = "DuckDB's command line; the Interop tests run its engine on shards",
            ["installs"] = "a change of the user's machine; ToolPackageTests installs the tool into a folder of its own",
        };

    /// <summary>Programs of which a block names something that must exist, since a run takes minutes or is a run of these tests.</summary>
    public static IReadOnlyDictionary<string, Func<string[], bool>> Named { get; } =
        new Dictionary<string, Func<string[], bool>>(StringComparer.Ordinal)
        {
            ["make"] = words => File.ReadAllText(Repository.At("Makefile")).Contains($"\n{words[1]}:", StringComparison.Ordinal),
            ["dotnet"] = words => words[1] == "test" && File.Exists(Repository.At(words[2], $"{Path.GetFileName(words[2])}.csproj")),
            [".ci/run"] = _ => Repository.Has(".ci/run"),
        };

    /// <summary>Languages that other tests read whole: specs and packs, templates in C#, and what commands print.</summary>
    public static IReadOnlyList<string> ReadElsewhere { get; } = ["yaml", "csharp", "markdown", "text"];

    public static bool IsRun(Block block) => block.Language == "sh" && !block.Words.Any(NotRun.ContainsKey);
}
