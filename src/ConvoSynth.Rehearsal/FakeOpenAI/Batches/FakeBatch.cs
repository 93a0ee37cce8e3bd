using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Batches;

/// <summary>A line of a batch's file.</summary>
internal sealed record BatchLine(string Id, ReadOnlyMemory<byte> Body, int Tokens);

/// <summary>A batch of the test endpoint. Times are seconds since the server's start.</summary>
internal sealed class FakeBatch(string id, string inputFile, string endpoint, double created)
{
    public string Id => id;

    public string InputFile => inputFile;

    public double Created => created;

    public IReadOnlyList<BatchLine> Lines { get; init; } = [];

    public long Tokens => Lines.Sum(l => (long)l.Tokens);

    /// <summary>How many of its lines are answered; the others expire.</summary>
    public int Answered { get; init; }

    public string Status { get; set; } = "in_progress";

    public (string Code, int? Line)? Error { get; init; }

    public string? OutputFile { get; set; }

    public string? ErrorFile { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    /// <summary>Whether its tokens count as enqueued.</summary>
    public bool IsOpen => Status == "in_progress";

    public JsonMap Body =>
        Json.Map(
            ("id", Id),
            ("object", "batch"),
            ("endpoint", endpoint),
            ("input_file_id", InputFile),
            ("completion_window", "24h"),
            ("status", Status),
            ("output_file_id", OutputFile is null ? Json.Null : (Json)OutputFile),
            ("error_file_id", ErrorFile is null ? Json.Null : (Json)ErrorFile),
            ("created_at", (long)created),
            (
                "errors",
                Error is not { } error
                    ? Json.Null
                    : Json.Map(
                        ("object", "list"),
                        (
                            "data",
                            Json.List(
                                Json.Map(
                                    ("code", error.Code),
                                    ("message", "The batch was not accepted."),
                                    ("line", error.Line is { } line ? (Json)line : Json.Null),
                                    ("param", Json.Null)
                                )
                            )
                        )
                    )
            ),
            ("request_counts", Json.Map(("total", Lines.Count), ("completed", Completed), ("failed", Failed)))
        );
}
