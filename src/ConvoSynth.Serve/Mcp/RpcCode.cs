namespace ConvoSynth.Serve.Mcp;

/// <summary>The codes of JSON-RPC 2.0, and OpenEnv's one for errors of the server.</summary>
internal static class RpcCode
{
    public const int Parse = -32700;
    public const int Request = -32600;
    public const int Method = -32601;
    public const int Params = -32602;
    public const int Internal = -32603;
    public const int Server = -32000;
}

/// <summary>An answer of JSON-RPC that is an error.</summary>
internal sealed class RpcException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>For a server that is full: how many sessions there are, and how many there may be.</summary>
    public (int Active, int Most)? Sessions { get; init; }
}
