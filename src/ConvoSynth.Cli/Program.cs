using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ConvoSynth.Cli.Commands;

// Without a terminal there is no width to follow.
const int PipedWidth = 100;

var root = new RootCommand("ConvoSynth makes verified multi-turn tool-calling dialogues.");
root.Options.Add(CommandErrors.Trace);
foreach (var command in CommandList.All())
    root.Subcommands.Add(command);
StrictNumbers.Apply(root);
foreach (var help in root.Options.OfType<HelpOption>().Select(o => o.Action).OfType<HelpAction>())
    help.MaxWidth = Console.IsOutputRedirected ? PipedWidth : Console.WindowWidth;
var parsed = root.Parse(args);

// A mistyped option gets one sentence, without a page of help after it.
if (parsed.Action is ParseErrorAction wrong)
    wrong.ShowHelp = false;
using var interrupt = new Interrupt();
return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
