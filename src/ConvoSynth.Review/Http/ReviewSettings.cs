using System.Net;

namespace ConvoSynth.Review.Http;

/// <summary>How a run is shown for review.</summary>
public sealed record ReviewSettings
{
    /// <summary>The run folder.</summary>
    public required string Run { get; init; }

    /// <value>Default loopback: only this machine reaches the app.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <value>Default 8600; 0 for any free port.</value>
    public int Port { get; init; } = 8600;

    /// <summary>The password that a browser is asked for; needed beyond loopback.</summary>
    public string? Password { get; init; }

    /// <summary>The name under which decisions are kept until the reviewer gives another.</summary>
    public required string Reviewer { get; init; }

    /// <value>Whether verdicts and others' decisions are hidden until the reviewer has decided. Default false.</value>
    public bool Blind { get; init; }

    /// <value>Whether shards are compared with their hashes before they are read. Default true.</value>
    public bool ChecksShards { get; init; } = true;

    /// <summary>What is wrong with the settings, as a sentence; null if nothing is.</summary>
    public string? Problem()
    {
        if (Port is < 0 or > 65535)
            return $"--port {Port} is out of range: it must be from 0 to 65535";
        if (!IPAddress.IsLoopback(Address) && string.IsNullOrEmpty(Password))
            return $"the dialogues would be open to everyone who reaches {Address}; name the environment variable that holds a password by "
                + "--password-variable, or leave --address at 127.0.0.1";
        return null;
    }
}
