using System.CommandLine;
using System.Net;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Review.Http;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth review RUN</c>: a web app in which a person goes through the rows of a run and decides.</summary>
internal static class ReviewCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder; a run in progress is followed." };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port; 0 for any free one.",
        DefaultValueFactory = _ => 8600,
    };

    private static readonly Option<string> Address = new("--address")
    {
        Description = "The address to listen on; beyond this machine a password is needed.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<string?> PasswordVariable = new("--password-variable")
    {
        Description = "The environment variable that holds the password which browsers are asked for.",
    };

    private static readonly Option<string?> Reviewer = new("--reviewer")
    {
        Description = "The name under which decisions are kept until the reviewer gives another (default: the user's).",
    };

    private static readonly Option<bool> Blind = new("--blind")
    {
        Description = "Hide verdicts and others' decisions on a row until the reviewer has decided it.",
    };

    public static Command Create()
    {
        var command = new Command("review", "Go through a run's rows in a browser: read, decide, edit and play again.")
        {
            Run,
            Port,
            Address,
            PasswordVariable,
            Reviewer,
            Blind,
            CommonOptions.NoCheck,
        };
        command.SetWork(Serve);
        return command;
    }

    private static async Task<int> Serve(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = new ReviewSettings
        {
            Run = Places.OnDisk(parsed.GetRequiredValue(Run), "review"),
            Port = parsed.GetValue(Port),
            Address = AddressOf(parsed.GetValue(Address)!),
            Password = PasswordOf(parsed),
            Reviewer = parsed.GetValue(Reviewer) ?? Environment.UserName,
            Blind = parsed.GetValue(Blind),
            ChecksShards = !parsed.GetValue(CommonOptions.NoCheck),
        };
        await using var server = await ReviewServer.Start(settings, TimeProvider.System, cancellationToken);
        Console.WriteLine($"review of {settings.Run} at {server.Url} until Ctrl+C");
        await server.Wait(cancellationToken);
        return 0;
    }

    private static IPAddress AddressOf(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new CommandException($"--address {text} is no IP address");

    private static string? PasswordOf(ParseResult parsed)
    {
        if (parsed.GetValue(PasswordVariable) is not { } variable)
            return null;
        return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } password
            ? password
            : throw new CommandException($"--password-variable {variable}: the environment variable is not set");
    }
}
