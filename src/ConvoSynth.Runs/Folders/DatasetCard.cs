using System.Globalization;
using System.Text;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Folders;

/// <summary>The facts of a run that its dataset card states.</summary>
public sealed record DatasetCardFacts
{
    public required string RunId { get; init; }

    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The run's seed, in decimal.</summary>
    public required string Seed { get; init; }

    /// <summary>The command line that reproduces the run.</summary>
    public required string Command { get; init; }

    public required long AcceptedRows { get; init; }

    /// <summary>Rows that await a judge or a person.</summary>
    public long UndecidedRows { get; init; }

    public required long RejectedRows { get; init; }

    /// <summary>The profile whose checks decided.</summary>
    public Profile Accept { get; init; }

    /// <summary>How many of the rejected rows failed with an error instead of a verdict.</summary>
    public long FailedRows { get; init; }

    /// <summary>How many of the rejected rows are attempts that a later attempt followed.</summary>
    public long RetriedRows { get; init; }

    /// <summary>Benchmarks that a domain is modelled on; scores on them must not be claimed for models trained on these rows.</summary>
    public IReadOnlyList<string> BenchmarkAdjacent { get; init; } = [];

    /// <summary>The models by role, such as <c>agent: gpt-x</c>.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The licence of the data as Hugging Face spells it; null for none stated.</summary>
    public string? License { get; init; }

    /// <summary>Language codes, such as <c>en</c>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];
}

/// <summary>
/// Writes <c>README.md</c> of a run folder, with the YAML by which Hugging Face <c>datasets</c> finds the shards and decodes the JSON
/// columns (<c>dtype: json</c>, from datasets 4.7).
/// </summary>
public static class DatasetCard
{
    private const string Accepted = "accepted";

    public static void Write(RunFolder run, DatasetCardFacts facts)
    {
        var text = Text(facts);
        run.WriteFile(run.Path, "README.md", stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    public static string Text(DatasetCardFacts facts)
    {
        var card = new StringBuilder();
        FrontMatter(card, facts);
        Body(card, facts);
        return card.ToString();
    }

    private static void FrontMatter(StringBuilder card, DatasetCardFacts facts)
    {
        Line(card, "---");
        if (facts.License is { } license)
            Line(card, $"license: {Quote(license)}");
        Line(card, "language:");
        foreach (var language in facts.Languages)
            Line(card, $"- {Quote(language)}");
        Line(card, "task_categories:");
        Line(card, "- text-generation");
        Line(card, "tags:");
        foreach (var tag in new[] { "tool-calling", "function-calling", "agent", "multi-turn", "synthetic" })
            Line(card, $"- {tag}");
        Line(card, $"size_categories:\n- {SizeCategory(facts.AcceptedRows + facts.UndecidedRows + facts.RejectedRows)}");
        var configs = Configs(facts);
        if (configs.Count == 0)
        {
            Line(card, "configs: []\n---");
            return;
        }

        Line(card, "configs:");
        foreach (var config in configs)
        {
            Line(card, $"- config_name: {config}");
            // Other rows load only by the name of their config.
            if (config == Accepted)
                Line(card, "  default: true");
            Line(card, $"  data_files:\n  - split: train\n    path: {config}/*.parquet");
        }

        Line(card, "dataset_info:");
        foreach (var config in configs)
        {
            Line(card, $"- config_name: {config}");
            Line(card, "  features:");
            foreach (var column in ShardSchema.Table)
                Line(card, $"  - name: {column.Name}\n    {(column.IsList ? "list" : "dtype")}: {Type(column.Type)}");
        }

        Line(card, "---");
    }

    // A config whose pattern matches no file fails to load, and with it the dataset's page.
    private static List<string> Configs(DatasetCardFacts facts)
    {
        (ShardSet Set, long Rows)[] sets =
        [
            (ShardSet.Accepted, facts.AcceptedRows),
            (ShardSet.Undecided, facts.UndecidedRows),
            (ShardSet.Rejected, facts.RejectedRows),
        ];
        return [.. sets.Where(entry => entry.Rows > 0).Select(entry => ShardSets.NameOf(entry.Set))];
    }

    private static void Body(StringBuilder card, DatasetCardFacts facts)
    {
        Line(card, $"\n# {facts.RunId}\n");
        Line(
            card,
            "Multi-turn dialogues in which an agent serves a simulated human by calling tools in a stateful environment. Every "
                + "tool call was"
        );
        Line(card, "executed, and every dialogue was judged by checks that replay it; the verdicts are in the rows.\n");
        Line(card, "| | |\n|---|---|");
        Line(card, $"| domains | {string.Join(", ", facts.Domains)} |");
        Line(card, $"| accepted by | the profile `{Profiles.NameOf(facts.Accept)}` |");
        Line(card, $"| accepted rows | {Number(facts.AcceptedRows)} |");
        Line(card, $"| undecided rows | {Number(facts.UndecidedRows)} |");
        Line(
            card,
            $"| rejected rows | {Number(facts.RejectedRows)}, of which {Number(facts.FailedRows)} failed with an "
                + $"error{(facts.RetriedRows > 0 ? $" and {Number(facts.RetriedRows)} were tried again" : "")} |"
        );
        foreach (var model in facts.Models)
            Line(card, $"| model | {model} |");
        Line(card, $"| seed | {facts.Seed} |");
        Line(card, $"| made by | `{facts.Command}` |\n");
        if (facts.BenchmarkAdjacent.Count > 0)
        {
            Line(card, "## Benchmark-adjacent\n");
            Line(
                card,
                $"Domains of this run are modelled on {string.Join(", ", facts.BenchmarkAdjacent)}. "
                    + "The column `benchmark_adjacent` names the benchmark on every"
            );
            Line(
                card,
                "such row. A model trained on these rows has seen the benchmark's tools and rules, so its score there is not a "
                    + "score on unseen tools.\n"
            );
        }

        Line(card, "## Load it\n");
        Line(card, "```python\nfrom datasets import load_dataset  # 4.7 or newer decodes the JSON columns\n");
        Line(
            card,
            facts.AcceptedRows > 0
                ? "rows = load_dataset(\".\", split=\"train\")  # accepted; load_dataset(\".\", \"rejected\", split=\"train\") for "
                    + "the others"
                : "rows = load_dataset(\".\", \"accepted\", split=\"train\")  # fails: no row of this run was accepted, so there "
                    + "is nothing to train on"
        );
        Line(card, "rows[0][\"messages\"], rows[0][\"tools\"]\n```\n");
        Line(
            card,
            "`messages` holds one OpenAI chat message per element, with `arguments` as objects. `message_meta` runs parallel to it "
                + "(what to train on,"
        );
        Line(
            card,
            "and why). Rejected rows carry `reject_reasons` and all `verdicts`; they are negatives, not training targets. "
                + "Undecided rows (config `undecided`) are"
        );
        Line(
            card,
            "neither: nothing failed, and the checks in `undecided_reasons` could not tell. `passes` names the profiles that a row meets."
        );
    }

    private static string Type(ColumnType type) =>
        type switch
        {
            ColumnType.Json => "json",
            ColumnType.Text => "string",
            ColumnType.Int64 => "int64",
            _ => "int32",
        };

    // The Hub's size classes.
    private static string SizeCategory(long rows) =>
        rows switch
        {
            < 1_000 => "n<1K",
            < 10_000 => "1K<n<10K",
            < 100_000 => "10K<n<100K",
            < 1_000_000 => "100K<n<1M",
            < 10_000_000 => "1M<n<10M",
            < 100_000_000 => "10M<n<100M",
            _ => "100M<n<1B",
        };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    // Quoted, so that YAML reads the language `no` as text, not as a boolean.
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static void Line(StringBuilder card, string text) => card.Append(text).Append('\n');
}
