using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ConvoSynth.Models.Protocols;

/// <summary>Words, code and status of an error, as they are collected from the places where servers put them.</summary>
internal sealed class ErrorDraft
{
    public const int LongestWords = 4000;

    private const int LongestCode = 60;
    private const int Deepest = 6;

    private static readonly HashSet<string> Told = new(StringComparer.OrdinalIgnoreCase)
    {
        "error",
        "errors",
        "message",
        "messages",
        "msg",
        "detail",
        "details",
        "code",
        "type",
        "status",
        "reason",
        "title",
        "description",
        "error_description",
        "error_message",
        "errormessage",
        "error_msg",
        "error_code",
        "errorcode",
        "error_type",
        "errortype",
        "fault",
        "faultstring",
        "exception",
        "cause",
        "innererror",
        "inner_error",
        "metadata",
        "raw",
        "info",
        "object",
        "statusmessage",
        "finish_reason",
        "native_finish_reason",
        "block_reason",
        "blockreason",
        "incomplete_details",
        "hint",
        "status_msg",
        "base_resp",
        "prompt_feedback",
        "promptfeedback",
    };

    private static readonly string[] Statuses = ["code", "status", "statusCode", "status_code", "http_status", "httpStatus", "error_code"];

    public StringBuilder Words { get; } = new();

    public string? Code { get; private set; }

    public int? Status { get; private set; }

    public void Read(JsonElement element, int depth)
    {
        if (depth > Deepest || Words.Length > LongestWords)
            return;
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Add(TolerantText.Of(element)!, depth);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Read(item, depth + 1);
                break;
            case JsonValueKind.Object:
                Code ??= CodeIn(element, "code") ?? CodeIn(element, "type");
                ReadStatus(element);
                foreach (var property in element.EnumerateObject())
                {
                    if (!Told.Contains(property.Name))
                        continue;
                    if (property.Name is "block_reason" or "blockReason")
                        Words.Append("block reason. ");
                    Read(property.Value, depth + 1);
                }

                break;
        }
    }

    public void ReadStatus(JsonElement element)
    {
        foreach (var name in Statuses)
        {
            if (Status is null && element.TryGetProperty(name, out var value) && StatusOf(value) is { } status)
                Status = status;
        }
    }

    public void Add(string text, int depth)
    {
        Words.Append(text.AsSpan(0, Math.Min(text.Length, LongestWords))).Append(". ");

        // A gateway may quote its own server's error.
        var (from, to) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (from < 0 || to < from)
            return;
        using var quoted = ResponseJson.Parse(Encoding.UTF8.GetBytes(text[from..(to + 1)]), out _);
        if (quoted is not null)
            Read(quoted.RootElement, depth + 1);
    }

    private static string? CodeIn(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && TolerantText.Of(value) is { Length: > 0 and <= LongestCode } word
        && !word.All(char.IsAsciiDigit)
        && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? word
            : null;

    private static int? StatusOf(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TolerantText.Of(value);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 600
            ? status
            : null;
    }
}
