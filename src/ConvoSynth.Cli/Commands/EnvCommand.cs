using System.CommandLine;
using System.Net;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Serve.Http;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth env serve RUN|PACK</c>: verified tasks as a live environment for reinforcement learning.</summary>
internal static class EnvCommand
{
    private static readonly Argument<string> From = new("from") { Description = "A run folder, or a pack by name or folder." };

    private static readonly Option<string> Protocol = new("--protocol")
    {
        Description = "The protocols to serve, joined by commas: openenv, ors, nemo-gym.",
        DefaultValueFactory = _ => "openenv,ors,nemo-gym",
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port; 0 for any free one.",
        DefaultValueFactory = _ => 8000,
    };

    private static readonly Option<string> Address = new("--address")
    {
        Description = "The address to listen on; beyond this machine a token is needed.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<string?> TokenVariable = new("--token-variable")
    {
        Description = "The environment variable that holds the token which requests must bring.",
    };

    private static readonly Option<int> Sessions = new("--sessions")
    {
        Description = "The most sessions at a time.",
        DefaultValueFactory = _ => 4096,
    };

    private static readonly Option<string> Idle = new("--idle")
    {
        Description = "A session ends after so long without a message, such as 90s, 15m or 2h.",
        DefaultValueFactory = _ => "15m",
    };

    public static Command Create()
    {
        var serve = new Command("serve", "Serve a run's or a pack's tasks to trainers until Ctrl+C.")
        {
            From,
            Protocol,
            Port,
            Address,
            TokenVariable,
            Sessions,
            Idle,
        };
        EnvironmentArguments.AddTo(serve);
        serve.SetWork(Serve);
        return new("env", "Verified tasks as an environment for reinforcement learning.") { serve };
    }

    private static async Task<int> Serve(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = new ServeSettings
        {
            Environment = EnvironmentArguments.Of(parsed, parsed.GetRequiredValue(From)),
            Protocols = ProtocolsOf(parsed.GetValue(Protocol)!),
            Reward = EnvironmentArguments.RewardOf(parsed),
            Port = parsed.GetValue(Port),
            Address = AddressOf(parsed.GetValue(Address)!),
            Token = TokenOf(parsed),
            MaxSessions = parsed.GetValue(Sessions),
            Idle =
                SpecValues.DurationOf(parsed.GetValue(Idle)!)
                ?? throw new CommandException(
                    $"--idle is \"{parsed.GetValue(Idle)}\"; it must be a number with its unit, such as 90s, 15m or 2h"
                ),
        };
        await using var server = await EnvironmentServer.Start(settings, TimeProvider.System, cancellationToken);
        Console.WriteLine($"{server.Tasks} tasks of {parsed.GetRequiredValue(From)} at {server.Url} until Ctrl+C");
        await server.Wait(cancellationToken);
        return 0;
    }

    private static ServedProtocols ProtocolsOf(string names) =>
        names
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Aggregate(
                ServedProtocols.None,
                (all, name) =>
                    all
                    | name switch
                    {
                        "openenv" => ServedProtocols.OpenEnv,
                        "ors" => ServedProtocols.Ors,
                        "nemo-gym" => ServedProtocols.NemoGym,
                        _ => throw new CommandException($"--protocol names \"{name}\"; there are openenv, ors and nemo-gym"),
                    }
            );

    private static IPAddress AddressOf(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new CommandException($"--address {text} is no IP address");

    private static string? TokenOf(ParseResult parsed)
    {
        if (parsed.GetValue(TokenVariable) is not { } variable)
            return null;
        return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token
            ? token
            : throw new CommandException($"--token-variable {variable}: the environment variable is not set");
    }
}
