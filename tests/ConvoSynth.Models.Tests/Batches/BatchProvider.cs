using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Models.Tests.Batches;

/// <summary>A provider of files and batches in memory. It charges for each line that it answers.</summary>
internal sealed class BatchProvider
{
    private readonly Lock _lock = new();
    private readonly List<string> _files = [];
    private readonly List<Batch> _batches = [];

    /// <summary>What becomes of a batch, by its number from 0: a status, and the lines that are answered.</summary>
    public Func<int, Fate> Fates { get; init; } = static _ => new();

    /// <summary>What comes before any request is served; null for nothing.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = static _ => null;

    /// <summary>Answers by request body, in the order of charging.</summary>
    public ConcurrentQueue<string> Charged { get; } = new();

    /// <summary>The most requests that were in batches at once.</summary>
    public int MostOpen { get; private set; }

    public int Files => _files.Count;

    public IReadOnlyList<int> Batches => [.. _batches.Select(b => b.Lines.Count)];

    /// <summary>The input file of each batch.</summary>
    public IReadOnlyList<string> Inputs => [.. _batches.Select(b => b.Input)];

    public async Task<HttpResponseMessage> Serve(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_lock)
        {
            if (Before(request) is { } instead)
                return instead;
            request.Headers.Authorization!.ToString().Should().Be($"Bearer {Endpoints.Key}");
            var path = request.RequestUri!.AbsolutePath["/v1/".Length..];
            return (request.Method.Method, path.Split('/')) switch
            {
                ("POST", ["files"]) => Ok(Uploaded(body)),
                ("POST", ["batches"]) => Ok(Created(Json.Parse(body)).Body(isNew: true).ToString()),
                ("GET", ["batches"]) => Ok(Listed()),
                ("GET", ["batches", var id]) => Ok(Looked(id)),
                ("GET", ["files", var id, "content"]) => Ok(_files[Number(id)]),
                _ => new(HttpStatusCode.NotFound) { Content = new StringContent("{\"error\":{\"message\":\"no\"}}") },
            };
        }
    }

    private string Uploaded(string form)
    {
        form.Should().Contain("expires_after[anchor]").And.Contain("batch.jsonl");
        _files.Add(string.Join('\n', form.Split('\n').Where(l => l.StartsWith("{\"custom_id\"", StringComparison.Ordinal))));
        return $$"""{"id":"file-{{_files.Count - 1}}"}""";
    }

    private Batch Created(Json asked)
    {
        var input = asked["input_file_id"].Text!;
        asked["completion_window"].Text.Should().Be("24h");
        var lines = _files[Number(input)].Split('\n').Select(l => Json.Parse(l)).ToList();
        lines.Should().OnlyContain(l => l["url"].Text == asked["endpoint"].Text);
        var batch = new Batch(_batches.Count, input, lines, Fates(_batches.Count));
        _batches.Add(batch);
        MostOpen = Math.Max(MostOpen, _batches.Where(b => b.Output is null).Sum(b => b.Lines.Count));
        return batch;
    }

    private string Listed()
    {
        var data = Enumerable.Reverse(_batches).Select(b => (Json)b.Body(isNew: false));
        return Json.Map(("data", Json.List(data)), ("has_more", false)).ToString();
    }

    private string Looked(string id)
    {
        var batch = _batches[Number(id)];
        if (batch.Looks++ < batch.Fate.Looks)
            return batch.Body(isNew: true).ToString();
        if (batch.Output is null)
            End(batch);
        return batch.Body(isNew: false).ToString();
    }

    private void End(Batch batch)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < batch.Lines.Count && batch.Fate.Status != "failed"; i++)
        {
            var id = batch.Lines[i]["custom_id"];
            if (i >= batch.Fate.Answered)
            {
                if (batch.Fate.Status == "expired")
                    errors
                        .Append(
                            CultureInfo.InvariantCulture,
                            $$$"""{"custom_id":{{{id}}},"response":null,"error":{"code":"batch_expired"}}"""
                        )
                        .Append('\n');
                continue;
            }

            var text = batch.Lines[i]["body"]["text"].Text!;
            var status = batch.Fate.StatusOf(text);
            if (status == 200)
                Charged.Enqueue(text);
            var answer = status == 200 ? Replies.Chat(text) : """{"error":{"message":"planted"}}""";
            (status == 200 ? output : errors)
                .Append(
                    CultureInfo.InvariantCulture,
                    $$$"""{"custom_id":{{{id}}},"response":{"status_code":{{{status}}},"body":{{{answer}}}},"error":null}"""
                )
                .Append('\n');
        }

        batch.Output = Kept(output);
        batch.Errors = Kept(errors);
    }

    private string Kept(StringBuilder text)
    {
        _files.Add(text.ToString());
        return $"file-{_files.Count - 1}";
    }

    private static int Number(string id) => int.Parse(id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    private static HttpResponseMessage Ok(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private sealed class Batch(int number, string input, List<Json> lines, Fate fate)
    {
        public string Input => input;

        public List<Json> Lines => lines;

        public Fate Fate => fate;

        public int Looks { get; set; }

        public string? Output { get; set; }

        public string? Errors { get; set; }

        public JsonMap Body(bool isNew) =>
            Json.Map(
                ("id", $"batch-{number}"),
                ("status", isNew || Output is null ? "in_progress" : fate.Status),
                ("input_file_id", input),
                ("output_file_id", Output is null ? Json.Null : (Json)Output),
                ("error_file_id", Errors is null ? Json.Null : (Json)Errors),
                (
                    "errors",
                    isNew || fate.Code is null ? Json.Null : Json.Map(("data", Json.List(Json.Map(("code", fate.Code), ("line", 3)))))
                )
            );
    }
}

/// <summary>What becomes of a batch.</summary>
internal sealed record Fate(string Status = "completed", int Answered = int.MaxValue, string? Code = null)
{
    /// <summary>The status of a line that is answered, by the text that it asks for.</summary>
    public Func<string, int> StatusOf { get; init; } = static _ => 200;

    /// <summary>How often somebody looks before it has ended.</summary>
    public int Looks { get; init; }
}
