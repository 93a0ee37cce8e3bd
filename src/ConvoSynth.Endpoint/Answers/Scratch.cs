using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Endpoint;

/// <summary>
/// A buffer and a writer of JSON, one of each thread: taken, filled and given back without waiting in between. Nothing of one text can be seen in the
/// next.
/// </summary>
internal sealed class Scratch
{
    [ThreadStatic]
    private static Scratch? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    private Scratch() => Writer = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Writer { get; }

    /// <summary>What is written, once the JSON is flushed.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public static Scratch Take()
    {
        var scratch = t_free ?? new();
        t_free = null;
        return scratch;
    }

    public void Release()
    {
        // A rare long text must not hold memory for good.
        if (_buffer.Capacity > 1 << 18)
            return;
        _buffer.ResetWrittenCount();
        Writer.Reset();
        t_free = this;
    }

    /// <summary>Begins a server-sent event, whose data is the JSON that is written next.</summary>
    public void BeginEvent(ReadOnlySpan<byte> name = default)
    {
        if (!name.IsEmpty)
        {
            _buffer.Write("event: "u8);
            _buffer.Write(name);
            _buffer.Write("\n"u8);
        }

        _buffer.Write("data: "u8);
        Writer.Reset();
    }

    public void EndEvent()
    {
        Writer.Flush();
        _buffer.Write("\n\n"u8);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
