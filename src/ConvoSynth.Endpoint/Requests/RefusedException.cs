namespace ConvoSynth.Endpoint;

/// <summary>The request cannot be answered, as OpenAI's error object says it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The error's code, such as <c>model_not_found</c>.</param>
/// <param name="message">One sentence.</param>
/// <param name="param">The field of the request that is wrong.</param>
internal sealed class RefusedException(int status, string? code, string message, string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Code { get; } = code;

    public string? Param { get; } = param;

    public static RefusedException Invalid(string message, string? param = null) => new(400, "invalid_value", message, param);
}
