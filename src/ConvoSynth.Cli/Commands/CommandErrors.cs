using System.CommandLine;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Cluster;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Worlds;
using ConvoSynth.Export;
using ConvoSynth.Review;
using ConvoSynth.Runs;
using ConvoSynth.Serve;

namespace ConvoSynth.Cli.Commands;

/// <summary>Reports errors to a person: one sentence on the error stream and exit code 1, with a trace only on request.</summary>
public static class CommandErrors
{
    public static Option<bool> Trace { get; } =
        new("--trace") { Description = "Show where in the program an error arose.", Recursive = true };

    /// <summary>Sets a command's action, and reports its exceptions as sentences.</summary>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                try
                {
                    return await work(parsed, cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    await Console.Error.WriteLineAsync("stopped");
                    return 130;
                }
                catch (Exception e) when (!parsed.GetValue(Trace))
                {
                    await Console.Error.WriteLineAsync($"error: {VisibleText.Of(Sentence(e))}");
                    return 1;
                }
            }
        );

    private static string Sentence(Exception e) =>
        e switch
        {
            CommandException
            or ClusterException
            or RunException
            or ExportException
            or ReviewException
            or ServeException
            or PackException
            or WorldException => e.Message,
            ShardException or FormatException or BlueprintException => e.Message,
            IOException or UnauthorizedAccessException => e.Message,
            AggregateException { InnerException: { } inner } => Sentence(inner),
            _ => $"{e.Message} (this is a defect of the program; run again with --trace to see where)",
        };
}
