using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ConvoSynth.Cli.Hosting;

/// <summary>What the hosts of Orleans write to the error stream.</summary>
internal static class HostLogging
{
    // Their warnings are false or redundant here. The watchdog takes the machine's uptime for a stall at its first check.
    // Every silo without server garbage collection warns. A busy machine degrades the health that a lone silo reports to no other.
    // Polly and the call's own record report each late call, although it is retried.
    private static readonly string[] OnlyErrors =
    [
        "Orleans.Runtime.Watchdog",
        "Orleans.Runtime.Silo",
        "Orleans.Runtime.MembershipService.LocalSiloHealthMonitor",
        "Orleans.Runtime.CallbackData",
        "Polly",
    ];

    // A client loses its gateways when silos die; it finds others, and the commands tell what a person must know.
    private static readonly string[] OnlyCriticalOfClients = ["Orleans", "Microsoft.Orleans"];

    // Warnings and errors go to the error stream, so that output stays clean.
    public static void AddSilo(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        foreach (var category in OnlyErrors)
            logging.AddFilter(category, LogLevel.Error);
        // While a silo stops, it cancels calls of grains that are gone, and logs each rejection with a stack trace. Nothing is lost: a call
        // without an answer times out, and its caller retries it.
        logging.AddFilter("Orleans.Messaging", LogLevel.Critical);
        // A host that cannot start throws, and the command prints one sentence about it.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        // A probe that finds a silo not ready is no trouble of the silo's.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>For a client: calls that fail are made again, and the command tells what does not come back.</summary>
    public static void AddClient(ILoggingBuilder logging)
    {
        AddSilo(logging);
        foreach (var category in OnlyCriticalOfClients)
            logging.AddFilter(category, LogLevel.Critical);
    }
}
