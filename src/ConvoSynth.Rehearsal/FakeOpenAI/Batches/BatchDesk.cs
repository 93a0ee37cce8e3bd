using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Http;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Batches;

/// <summary>
/// The files and batches of the server. A batch is answered when its time has come and somebody looks, with the answers and failures that
/// its requests would have had one by one. Thread-safe.
/// </summary>
internal sealed class BatchDesk(ServerParts parts) : IDisposable
{
    // All batches are made from one seed, so that the same ones expire in every server.
    private static readonly Seed Expiries = new(0xBA7C);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly List<FakeBatch> _batches = [];
    private readonly LineAnswers _answers = new(parts);

    public Task<string> Upload(byte[] file) => Held(() => Task.FromResult(Keep(file)));

    public Task<byte[]> Content(string id) =>
        Held(() => Task.FromResult(_files.TryGetValue(id, out var file) ? file : throw Unknown("file", id)));

    public Task<Json> Create(string file, string endpoint) =>
        Held(() =>
        {
            if (!_files.TryGetValue(file, out var content))
                throw Unknown("file", file);
            var (lines, error) = BatchLines.Read(content, endpoint, parts.Options.Model);
            var limit = parts.Options.BatchTokens;
            if (error is null && lines.Sum(l => (long)l.Tokens) + _batches.Where(b => b.IsOpen).Sum(b => b.Tokens) > limit)
                error = ("token_limit_exceeded", null);
            var number = _batches.Count + 1;
            var expires = (Expiries.For(number).Value >> 11) * (1.0 / (1UL << 53)) < parts.Options.BatchExpiry;
            var batch = new FakeBatch($"batch_{number}", file, endpoint, parts.Seconds)
            {
                Lines = lines,
                Answered = expires ? lines.Count / 2 : lines.Count,
                Error = error,
                Status = error is null ? "in_progress" : "failed",
            };
            _batches.Add(batch);
            return Task.FromResult((Json)batch.Body.With("status", "validating"));
        });

    public Task<Json> Get(string id) =>
        Held(async () =>
        {
            var batch = Find(id);
            if (batch.IsOpen && parts.Seconds >= batch.Created + parts.Options.BatchSeconds)
                await End(batch, batch.Answered == batch.Lines.Count ? "completed" : "expired", batch.Answered);
            return (Json)batch.Body;
        });

    public Task<Json> Cancel(string id) =>
        Held(async () =>
        {
            var batch = Find(id);
            if (batch.IsOpen)
                await End(batch, "cancelled", 0);
            return (Json)batch.Body;
        });

    /// <summary>The latest batches first.</summary>
    public Task<Json> List(int limit, string? after) =>
        Held(() =>
        {
            var latest = Enumerable.Reverse(_batches);
            if (after is not null)
                latest = latest.SkipWhile(b => b.Id != after).Skip(1);
            var page = latest.Take(limit + 1).ToList();
            var data = Json.List(page.Take(limit).Select(b => (Json)b.Body));
            return Task.FromResult((Json)Json.Map(("object", "list"), ("data", data), ("has_more", page.Count > limit)));
        });

    public JsonMap Stats()
    {
        _gate.Wait();
        try
        {
            return Json.Map(
                ("created", _batches.Count),
                ("open", _batches.Count(b => b.IsOpen)),
                ("over_limit", _batches.Count(b => b.Error?.Code == "token_limit_exceeded")),
                ("expired", _batches.Count(b => b.Status == "expired")),
                ("requests", _batches.Where(b => b.Error is null).Sum(b => b.Lines.Count)),
                ("answered", _batches.Sum(b => b.Completed)),
                ("failed", _batches.Sum(b => b.Failed))
            );
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task End(FakeBatch batch, string status, int answered)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < batch.Lines.Count; i++)
        {
            var (isAnswer, line) =
                i < answered ? await _answers.Of(batch.Lines[i], ProtocolOf(batch), $"{batch.Id}-{i}")
                : status == "expired" ? (false, LineAnswers.Left(batch.Lines[i], $"{batch.Id}-{i}", "batch_expired"))
                : (false, null);
            if (line is null)
                continue;
            (isAnswer ? output : errors).Append(line).Append('\n');
            if (isAnswer)
                batch.Completed++;
            else
                batch.Failed++;
        }

        batch.OutputFile = output.Length > 0 ? Keep(Encoding.UTF8.GetBytes(output.ToString())) : null;
        batch.ErrorFile = errors.Length > 0 ? Keep(Encoding.UTF8.GetBytes(errors.ToString())) : null;
        batch.Status = status;
    }

    private static Protocol ProtocolOf(FakeBatch batch) =>
        batch.Body["endpoint"].Text == "/v1/responses" ? Protocol.Responses : Protocol.Chat;

    private string Keep(byte[] file)
    {
        var id = $"file-{_files.Count + 1}";
        _files[id] = file;
        return id;
    }

    private FakeBatch Find(string id) => _batches.Find(b => b.Id == id) ?? throw Unknown("batch", id);

    private static RefusedException Unknown(string what, string id) => new(404, "not_found", $"No such {what}: {id}");

    private async Task<T> Held<T>(Func<Task<T>> work)
    {
        await _gate.WaitAsync(parts.Stopping);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
