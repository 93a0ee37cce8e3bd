using System.Net;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Http;

/// <summary>The protocols of a server, which share its port.</summary>
[Flags]
public enum ServedProtocols
{
    None = 0,

    /// <summary>OpenEnv's WebSocket and HTTP, and the Model Context Protocol.</summary>
    OpenEnv = 1,

    /// <summary>The Open Reward Standard.</summary>
    Ors = 2,

    /// <summary>NeMo Gym's resources server, and its Gymnasium variant.</summary>
    NemoGym = 4,
}

/// <summary>How an environment is served.</summary>
public sealed record ServeSettings
{
    public required EnvironmentOptions Environment { get; init; }

    /// <value>Default all.</value>
    public ServedProtocols Protocols { get; init; } = ServedProtocols.OpenEnv | ServedProtocols.Ors | ServedProtocols.NemoGym;

    /// <value>Default <see cref="RewardRule.Exact"/>.</value>
    public RewardRule Reward { get; init; }

    /// <value>Default loopback: only this machine reaches the server.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <value>Default 8000; 0 for any free port.</value>
    public int Port { get; init; } = 8000;

    /// <summary>
    /// What requests must bring: as <c>Authorization: Bearer</c>, as the password of Basic, or as <c>X-API-Key</c>. Needed beyond loopback.
    /// </summary>
    public string? Token { get; init; }

    /// <value>The most sessions at a time. Default 4,096.</value>
    public int MaxSessions { get; init; } = 4096;

    /// <value>A session ends after so long without a message of its client. Default 15 minutes.</value>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What is wrong with the settings, as a sentence; null if nothing is.</summary>
    public string? Problem()
    {
        if (Protocols == ServedProtocols.None)
            return "--protocol names no protocol; there are openenv, ors and nemo-gym";
        if (Port is < 0 or > 65535)
            return $"--port {Port} is out of range: it must be from 0 to 65535";
        if (MaxSessions is < 1 or > 1_000_000)
            return $"--sessions {MaxSessions} is out of range: it must be from 1 to 1000000";
        if (Idle < TimeSpan.FromSeconds(1) || Idle > TimeSpan.FromDays(1))
            return $"--idle is {Idle.TotalSeconds:0} s; it must be from 1 second to 1 day";
        if (!IPAddress.IsLoopback(Address) && string.IsNullOrEmpty(Token))
            return $"the environment would be open to everyone who reaches {Address}; name the environment variable that holds a token by "
                + "--token-variable, or leave --address at 127.0.0.1";
        return null;
    }
}
