using System.CommandLine;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Specs;

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

    public static Option<int?> Concurrency { get; } = Of(RunOptions.Concurrency);

    public static Option<double?> Combined { get; } = Of(RunOptions.Combined);

    public static Option<string?> Slices { get; } = Of(RunOptions.Slices);

    public static Option<string?> Config { get; } =
        new("--config")
        {
            Description =
                "Settings of the silo and endpoints of several runs (default: orleans.config.json in the "
                + "working folder, where there is one).",
        };

    public static Option<string?> Accept { get; } = Of(RunOptions.Accept);

    public static Option<bool> NoCheck { get; } =
        new("--no-check")
        {
            Description =
                "Do not compare each shard's SHA-256 with the one that was committed before its rows are read; "
                + "damage may then pass for data.",
        };

    /// <summary>The command line's form of a run's option.</summary>
    public static Option<T?> Of<T>(RunOption<T> declared)
    {
        var option = new Option<T?>(declared.Name!) { Description = declared.About };
        if (declared.Usual is not null)
            option.DefaultValueFactory = _ => declared.Default;
        return option;
    }

    /// <exception cref="CommandException">The value is out of range.</exception>
    public static int ConcurrencyOf(ParseResult parsed) =>
        RunBounds.Concurrency.Problem("--concurrency", parsed.GetValue(Concurrency)) is { } problem
            ? throw new CommandException(problem)
            : parsed.GetValue(Concurrency)!.Value;

    /// <exception cref="CommandException">The value is out of range.</exception>
    public static double CombinedOf(ParseResult parsed) =>
        RunBounds.Share.Problem("--combined", parsed.GetValue(Combined)) is { } problem
            ? throw new CommandException(problem)
            : parsed.GetValue(Combined)!.Value;

    /// <summary>The shares of <see cref="Slices"/>; null if the option is absent.</summary>
    /// <exception cref="CommandException">The text names no shares.</exception>
    public static SliceShares? SlicesOf(ParseResult parsed)
    {
        if (parsed.GetValue(Slices) is not { } text)
            return null;
        return SliceShares.Problem(text) is { } problem ? throw new CommandException($"--slices: {problem}") : SliceShares.Parse(text);
    }

    /// <summary>The profile of <see cref="Accept"/>; null if the option is absent.</summary>
    /// <exception cref="CommandException">There is no such profile.</exception>
    public static Profile? AcceptOf(ParseResult parsed) => parsed.GetValue(Accept) is { } name ? ProfileOf(name) : null;

    /// <exception cref="CommandException">There is no such profile.</exception>
    public static Profile ProfileOf(string name, string option = "--accept")
    {
        var known = string.Join(", ", Profiles.All.Select(Profiles.NameOf));
        return Profiles.Named(name) ?? throw new CommandException($"{option} is \"{name}\"; it must be one of {known}");
    }

    /// <exception cref="CommandException">There is no such file.</exception>
    public static string ExistingFile(string path, string option) =>
        File.Exists(path) ? path : throw new CommandException($"the file {path} of {option} does not exist");
}
