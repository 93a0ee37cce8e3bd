using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Measures;

/// <summary>One request in the log.</summary>
/// <param name="At">Seconds from the server's start to the arrival.</param>
/// <param name="Try">Number of the try; 0 for a refused request, which is no try.</param>
/// <param name="Status">HTTP status; 0 if no complete response was sent.</param>
/// <param name="Failure">
/// The name of a planted failure, <c>quota</c>, <c>refused</c>, or <c>gone</c> if the client left; null if all went well.
/// </param>
/// <param name="Latency">Drawn latency in seconds.</param>
internal readonly record struct LoggedRequest(
    CallKey? Key,
    double At,
    int Try,
    int Status,
    string? Failure,
    double Latency,
    int PromptTokens,
    int CompletionTokens
);

/// <summary>A file with one line of JSON per request, in order of completion. Lines stay in memory for at most a second.</summary>
internal sealed class RequestLog : IDisposable
{
    private const int Full = 1 << 16;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * Full);
    private readonly Utf8JsonWriter _json;
    private readonly FileStream _file;
    private readonly ITimer _timer;
    private IOException? _failed;
    private bool _isClosed;

    public RequestLog(string path, TimeProvider time)
    {
        _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _timer = time.CreateTimer(_ => Flush(), null, Period, Period);
    }

    /// <summary>The error that stopped the log; null if there was none.</summary>
    public IOException? Failed
    {
        get
        {
            lock (_lock)
                return _failed;
        }
    }

    public void Add(in LoggedRequest request)
    {
        lock (_lock)
        {
            if (_failed is not null || _isClosed)
                return;
            _json.Reset();
            Write(request);
            _json.Flush();
            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= Full)
                WriteOut();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (_isClosed)
                return;
            WriteOut();
            _isClosed = true;
            _file.Dispose();
            _json.Dispose();
        }
    }

    private void Flush()
    {
        lock (_lock)
        {
            if (!_isClosed)
                WriteOut();
        }
    }

    // A full disk must not end the server; disposal of the server reports the error.
    private void WriteOut()
    {
        if (_failed is not null || _buffer.WrittenCount == 0)
            return;
        try
        {
            _file.Write(_buffer.WrittenSpan);
        }
        catch (IOException e)
        {
            _failed = e;
        }

        _buffer.ResetWrittenCount();
    }

    private void Write(in LoggedRequest request)
    {
        _json.WriteStartObject();
        if (request.Key is { } key)
        {
            _json.WriteString("run"u8, key.Dialogue.Run);
            _json.WriteNumber("index"u8, key.Dialogue.Index);
            _json.WriteNumber("attempt"u8, key.Dialogue.Attempt);
            _json.WriteString("role"u8, key.Role);
            _json.WriteNumber("step"u8, key.Step);
            _json.WriteString("part"u8, key.Part);
        }

        _json.WriteNumber("try"u8, request.Try);
        _json.WriteNumber("status"u8, request.Status);
        _json.WriteString("failure"u8, request.Failure);
        _json.WriteNumber("at"u8, Math.Round(request.At, 4));
        _json.WriteNumber("latency"u8, Math.Round(request.Latency, 6));
        _json.WriteNumber("prompt_tokens"u8, request.PromptTokens);
        _json.WriteNumber("completion_tokens"u8, request.CompletionTokens);
        _json.WriteEndObject();
    }
}
