using System.Globalization;

namespace ConvoSynth.Drills;

/// <summary>The drills to run, and their sizes.</summary>
internal sealed record Settings
{
    public required IReadOnlyList<string> Drills { get; init; }

    /// <summary>The published program.</summary>
    public string Program { get; init; } = Path.GetFullPath("artifacts/bin/convosynth");

    /// <value>Null by default: each drill has its own count.</value>
    public int? Count { get; init; }

    /// <value>Null by default: each drill has its own concurrency.</value>
    public int? Concurrency { get; init; }

    /// <summary>How often a run is killed.</summary>
    /// <value>20 by default.</value>
    public int Kills { get; init; } = 20;

    /// <summary>How often a silo of a cluster is killed.</summary>
    /// <value>4 by default.</value>
    public int ClusterKills { get; init; } = 4;

    /// <summary>Seed for the times of the kills.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Reads <c>[drill…] [--count N] [--concurrency N] [--kills N] [--seed N]</c>.</summary>
    /// <exception cref="FormatException">An argument is unknown; the message names it.</exception>
    public static Settings Read(string[] args, IReadOnlyList<string> known)
    {
        var drills = new List<string>();
        var settings = new Settings { Drills = known };
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                drills.Add(
                    known.Contains(args[i])
                        ? args[i]
                        : throw new FormatException($"there is no drill \"{args[i]}\"; there are {string.Join(", ", known)}")
                );
                continue;
            }

            var value =
                i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new FormatException($"{args[i]} wants a whole number");
            settings = args[i++] switch
            {
                "--count" => settings with { Count = value },
                "--concurrency" => settings with { Concurrency = value },
                "--kills" => settings with { Kills = value },
                "--cluster-kills" => settings with { ClusterKills = value },
                "--seed" => settings with { Seed = value },
                var other => throw new FormatException(
                    $"there is no option {other}; there are --count, --concurrency, --kills, --cluster-kills, --seed"
                ),
            };
        }

        if (!File.Exists(settings.Program))
            throw new FormatException($"there is no program at {settings.Program}; build it with make build");
        return drills.Count == 0 ? settings : settings with { Drills = drills };
    }
}
