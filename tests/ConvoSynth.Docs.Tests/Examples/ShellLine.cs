using System.CommandLine.Parsing;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>One line of a shell block.</summary>
/// <param name="Where">Page and line of the block.</param>
/// <param name="Words">The program and its arguments, without the comment.</param>
internal sealed record ShellLine(string Where, string[] Words)
{
    private const int Few = 6;
    private static readonly string[] Sized = ["generate", "audit-verifier", "coverage"];

    public string Program => Words[0];

    /// <summary>Whether it is a command of this program.</summary>
    public bool IsOurs => Program is "convosynth" or "artifacts/bin/convosynth";

    /// <summary>Whether it goes on until it is stopped.</summary>
    public bool IsServer => IsOurs && Words[1] == "endpoint";

    /// <summary>Whether it starts the program a second time, which only a process of its own can.</summary>
    public bool StartsItself => IsOurs && Words[1..3] is ["packs", "accept"];

    /// <summary>The arguments, with small numbers in place of large ones.</summary>
    public string[] FewArguments
    {
        get
        {
            string[] arguments = [.. Words[1..]];
            if (!arguments.Intersect(Sized, StringComparer.Ordinal).Any() || arguments.Contains("--blueprints", StringComparer.Ordinal))
                return arguments;
            var count = Array.IndexOf(arguments, "--count") + 1;
            if (count > 0)
                arguments[count] = $"{Few}";
            else
                arguments = [.. arguments, "--count", $"{Few}"];
            return arguments[0] == "audit-verifier" ? [.. arguments, "--clean", $"{Few}"] : arguments;
        }
    }

    public static IEnumerable<ShellLine> Of(Block block) =>
        from line in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let words = CommandLineParser.SplitCommandLine(line.Split(" #")[0]).ToArray()
        select new ShellLine($"{block}", words);

    public override string ToString() => $"{Where} {string.Join(' ', Words)}";
}
