namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>A refusal of a request, in the terms of OpenAI's error object.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The error's code, such as <c>model_not_found</c>.</param>
/// <param name="message">One sentence.</param>
/// <param name="param">The invalid field of the request.</param>
internal sealed class RefusedException(int status, string? code, string message, string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Code { get; } = code;

    public string? Param { get; } = param;

    public static RefusedException Invalid(string message, string? param = null) => new(400, "invalid_value", message, param);
}
