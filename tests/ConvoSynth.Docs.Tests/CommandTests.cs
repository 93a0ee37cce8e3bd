using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ConvoSynth.Cli.Commands;

namespace ConvoSynth.Docs.Tests;

/// <summary>What a page tells people to type is understood. Commands are parsed by the program's own command line, and not run.</summary>
public sealed partial class CommandTests
{
    [Fact]
    public void Every_command_of_a_block_is_parsed()
    {
        var commands = Commands().ToArray();
        commands.Should().HaveCountGreaterThan(25);

        var wrong =
            from command in commands
            from problem in Problems(command.Arguments)
            select $"{command.Where} {command.Arguments}: {problem}";

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Every_option_in_prose_is_one_of_the_program_or_of_a_server()
    {
        var known = Options(Root()).Concat(["--help", "--version"]).ToHashSet(StringComparer.Ordinal);
        // Of vLLM, SGLang and llama.cpp.
        string[] ofServers = ["--reasoning-parser", "--tool-call-parser", "--enable-auto-tool-choice", "--jinja", "--reasoning-format"];

        var unknown =
            from document in Document.All
            from span in document.Spans
            from Match match in Option().Matches(span.Code)
            where !known.Contains(match.Value) && !ofServers.Contains(match.Value, StringComparer.Ordinal)
            select $"{document.Path}:{span.Line} {match.Value}";

        unknown.Should().BeEmpty();
    }

    [Fact]
    public void Every_make_target_exists()
    {
        var targets = Target()
            .Matches(File.ReadAllText(Repository.At("Makefile")))
            .Select(m => m.Groups[1].Value)
            .ToHashSet(StringComparer.Ordinal);
        var inBlocks =
            from document in Document.All
            from block in document.Blocks
            where block.Language == "sh"
            from line in block.Text.Split('\n')
            where line.StartsWith("make ", StringComparison.Ordinal)
            select (Where: $"{block}", Code: line);
        var inProse =
            from document in Document.All
            from span in document.Spans
            where span.Code.StartsWith("make ", StringComparison.Ordinal)
            select (Where: $"{document.Path}:{span.Line}", span.Code);

        var named = inBlocks.Concat(inProse).ToArray();
        named.Should().HaveCountGreaterThan(20);
        named.Where(n => !targets.Contains(n.Code.Split(' ')[1])).Should().BeEmpty();
    }

    [Fact]
    public void A_block_that_needs_a_key_says_so()
    {
        var silent =
            from document in Document.All
            from block in document.Blocks
            where
                block.Language == "sh"
                && block.Text.Contains("_KEY", StringComparison.Ordinal)
                && !block.Words.Contains("needs-key", StringComparer.Ordinal)
            select $"{block}";

        silent.Should().BeEmpty();
    }

    [Theory]
    [InlineData("generate --cout 5 --out runs/x")]
    [InlineData("generate --domain library --cout 5 --out runs/x")]
    [InlineData("genrate --out runs/x")]
    [InlineData("packs acept mypacks/loans")]
    public void A_command_that_is_wrong_is_found(string arguments) => Problems(arguments).Should().NotBeEmpty();

    /// <summary>The program's root command, with all that the program's own has but its way of reading numbers.</summary>
    internal static RootCommand Root()
    {
        var root = new RootCommand();
        root.Options.Add(CommandErrors.Trace);
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        return root;
    }

    // An option that takes several values takes a misspelt option for one of them.
    private static IEnumerable<string> Problems(string arguments)
    {
        var parsed = Root().Parse(CommandLineParser.SplitCommandLine(arguments).ToArray());
        return parsed
            .Errors.Select(e => e.Message)
            .Concat(
                parsed
                    .Tokens.Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal))
                    .Select(t => $"{t.Value} is no option")
            );
    }

    private static IEnumerable<(string Where, string Arguments)> Commands() =>
        from document in Document.All
        from block in document.Blocks
        where block.Language is "sh" or ""
        from line in block.Text.Split('\n')
        let match = Call().Match(line)
        where match.Success
        select ($"{block}", match.Groups[1].Value);

    private static IEnumerable<string> Options(Command command) =>
        command.Options.Select(o => o.Name).Concat(command.Subcommands.SelectMany(Options));

    [GeneratedRegex(@"^(?:\$ )?(?:artifacts/bin/)?convosynth (.*?)(?: +#.*)?$")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex("^([a-z-]+):", RegexOptions.Multiline)]
    private static partial Regex Target();
}
