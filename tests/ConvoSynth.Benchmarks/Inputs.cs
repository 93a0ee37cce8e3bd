using System.Globalization;

namespace ConvoSynth.Benchmarks;

/// <summary>The sections to run, and their sizes.</summary>
internal sealed record Inputs
{
    public required IReadOnlyList<string> Sections { get; init; }

    /// <summary>Dialogues of the end-to-end run.</summary>
    /// <value>20,000 by default; at least 100.</value>
    public int Count { get; init; } = 20_000;

    /// <summary>Rows that each writer of the Parquet section writes; our writer then writes ten times as many.</summary>
    /// <value>100,000 by default; at least 1,000.</value>
    public int Rows { get; init; } = 100_000;

    /// <summary>Dialogues per pack in the stages, and as the source of the rows of the Parquet section.</summary>
    /// <value>2,000 by default; at least 100.</value>
    public int Sample { get; init; } = 2_000;

    /// <summary>Dialogues in flight in the end-to-end run.</summary>
    /// <value>64 by default.</value>
    public int Concurrency { get; init; } = 64;

    /// <summary>Dialogues in flight in the memory section.</summary>
    /// <value>10,000 by default; at least 100.</value>
    public int InFlight { get; init; } = 10_000;

    /// <value>1 by default.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Share of dialogues with a planted fault.</summary>
    public const double FaultRate = 0.2;

    /// <summary>Output folder of the end-to-end run; null for a temporary folder, which is removed afterwards.</summary>
    public string? Out { get; init; }

    /// <summary>
    /// Parses <c>[section…] [--count N] [--sample N] [--rows N] [--concurrency N] [--in-flight N] [--seed N] [--out DIR]</c>.
    /// </summary>
    /// <exception cref="FormatException">An argument is unknown; the message names it.</exception>
    public static Inputs Read(string[] args, IReadOnlyList<string> known)
    {
        var sections = new List<string>();
        var inputs = new Inputs { Sections = known };
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                sections.Add(
                    known.Contains(args[i])
                        ? args[i]
                        : throw new FormatException($"there is no section \"{args[i]}\"; there are {string.Join(", ", known)}")
                );
                continue;
            }

            var (name, value) = (args[i], i + 1 < args.Length ? args[++i] : throw new FormatException($"{args[i]} wants a value"));
            inputs = name switch
            {
                "--count" => inputs with { Count = Number(name, value, 100) },
                "--sample" => inputs with { Sample = Number(name, value, 100) },
                "--rows" => inputs with { Rows = Number(name, value, 1000) },
                "--concurrency" => inputs with { Concurrency = Number(name, value, 1) },
                "--in-flight" => inputs with { InFlight = Number(name, value, 100) },
                "--seed" => inputs with { Seed = Number(name, value, 0) },
                "--out" => inputs with { Out = value },
                _ => throw new FormatException(
                    $"there is no option {name}; there are --count, --sample, --rows, --concurrency, --in-flight, --seed, --out"
                ),
            };
        }

        return sections.Count == 0 ? inputs : inputs with { Sections = sections };
    }

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{name} is \"{value}\"; it must be a whole number from {least}");
}
