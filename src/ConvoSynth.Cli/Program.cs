using System.CommandLine;
using ConvoSynth.Cli.Commands;

var root = new RootCommand("ConvoSynth makes verified multi-turn tool-calling dialogues.");
root.Options.Add(CommandErrors.Trace);
foreach (var command in CommandList.All()) root.Subcommands.Add(command);
return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
