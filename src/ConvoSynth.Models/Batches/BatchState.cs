using System.Text.Json;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Batches;

/// <summary>A batch as its provider describes it.</summary>
/// <param name="Code">The first error of a batch that failed, if it looks like a code.</param>
/// <param name="Line">The line of the file that the error is about.</param>
internal sealed record BatchState(
    string Id,
    string Status,
    string InputFile,
    string? OutputFile,
    string? ErrorFile,
    string? Code,
    long? Line
)
{
    /// <summary>What OpenAI and Azure call a batch for which too many tokens are enqueued already.</summary>
    public const string EnqueuedLimit = "token_limit_exceeded";

    public bool HasEnded => Status is "completed" or "failed" or "expired" or "cancelled";

    /// <summary>Whether the provider refused it for the tokens that are enqueued: the same file may pass later.</summary>
    public bool IsOverLimit => Status == "failed" && Code == EnqueuedLimit;

    /// <returns>Null if the document describes no batch.</returns>
    public static BatchState? Of(JsonElement root)
    {
        if (TolerantText.Of(root, "id"u8) is not { } id || TolerantText.Of(root, "status"u8) is not { } status)
            return null;
        var error = default(JsonElement);
        if (root.TryGetProperty("errors"u8, out var errors))
            error = ResponseJson.Items(errors, "data"u8).FirstOrDefault();
        var isError = error.ValueKind == JsonValueKind.Object;
        return new(
            id,
            status,
            TolerantText.Of(root, "input_file_id"u8) ?? "",
            TolerantText.Of(root, "output_file_id"u8) is { Length: > 0 } output ? output : null,
            TolerantText.Of(root, "error_file_id"u8) is { Length: > 0 } failed ? failed : null,
            isError && TolerantText.Of(error, "code"u8) is { Length: > 0 and <= 60 } code && code.All(IsOfCode) ? code : null,
            isError && error.TryGetProperty("line"u8, out var line) && line.ValueKind == JsonValueKind.Number ? line.GetInt64() : null
        );
    }

    // A message may quote the prompt; a code is a word.
    private static bool IsOfCode(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';
}
