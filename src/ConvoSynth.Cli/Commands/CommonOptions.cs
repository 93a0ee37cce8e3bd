using System.CommandLine;
using ConvoSynth.Core;

namespace ConvoSynth.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string?> Packs { get; } =
        new("--packs")
        {
            Description = "The folder of domain packs (default: blueprints in the working folder, then the ones beside the program).",
        };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON, for machines." };

    public static Option<int> Concurrency { get; } =
        new("--concurrency") { Description = "Dialogues in flight; changes no row.", DefaultValueFactory = _ => 64 };

    public static Option<string?> Config { get; } =
        new("--config")
        {
            Description =
                "Settings of the silo and endpoints of several runs (default: orleans.config.json in the "
                + "working folder, where there is one).",
        };

    public static Option<string?> Accept { get; } =
        new("--accept")
        {
            Description =
                "The profile that a row must meet to be accepted: strict (all checks; the default), exact (those that compute), "
                + "tau-bench (its reward), apigen-mt (calls, replay and outcome).",
        };

    public static Option<bool> NoCheck { get; } =
        new("--no-check")
        {
            Description =
                "Do not compare each shard's SHA-256 with the one that was committed before its rows are read; "
                + "damage may then pass for data.",
        };

    /// <exception cref="CommandException">The value is out of range.</exception>
    public static int ConcurrencyOf(ParseResult parsed) =>
        parsed.GetValue(Concurrency) is >= 1 and <= 1_000_000 and var concurrency
            ? concurrency
            : throw new CommandException($"--concurrency is {parsed.GetValue(Concurrency)}; it must be from 1 to 1000000");

    /// <summary>The profile of <see cref="Accept"/>; null if the option is absent.</summary>
    /// <exception cref="CommandException">There is no such profile.</exception>
    public static Profile? AcceptOf(ParseResult parsed)
    {
        if (parsed.GetValue(Accept) is not { } name)
            return null;
        var known = string.Join(", ", Profiles.All.Select(Profiles.NameOf));
        return Profiles.Named(name) ?? throw new CommandException($"--accept is \"{name}\"; it must be one of {known}");
    }

    /// <exception cref="CommandException">There is no such file.</exception>
    public static string ExistingFile(string path, string option) =>
        File.Exists(path) ? path : throw new CommandException($"the file {path} of {option} does not exist");
}
