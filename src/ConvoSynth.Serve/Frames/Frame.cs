using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Serve.Frames;

/// <summary>A buffer in which one message is written. Buffers are lent: a session that waits holds none.</summary>
internal sealed class Frame : IDisposable
{
    private const int Kept = 64;
    private const int LargestKept = 256 << 10;

    private static readonly ConcurrentBag<Frame> Free = [];

    private readonly ArrayBufferWriter<byte> _buffer = new(8 << 10);

    private Frame() => Json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Json { get; }

    /// <summary>The message as far as it is flushed.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    public static Frame Lend() => Free.TryTake(out var frame) ? frame : new();

    /// <summary>A message of which all is written by <paramref name="write"/>.</summary>
    public static Frame Of(Action<Utf8JsonWriter> write)
    {
        var frame = Lend();
        write(frame.Json);
        frame.Json.Flush();
        return frame;
    }

    public void Dispose()
    {
        if (_buffer.Capacity > LargestKept || Free.Count >= Kept)
            return;
        _buffer.ResetWrittenCount();
        Json.Reset();
        Free.Add(this);
    }
}
