using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>
/// A buffer with a JSON writer, cached per thread. Take, fill and release it without an await in between. No content passes from one text
/// to the next.
/// </summary>
internal sealed class Scratch
{
    [ThreadStatic]
    private static Scratch? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    private Scratch() => Writer = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Writer { get; }

    /// <summary>The written bytes, complete after a flush of the JSON writer.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public static Scratch Take()
    {
        var scratch = t_free ?? new();
        t_free = null;
        return scratch;
    }

    public void Release()
    {
        // A rare long text must not pin memory.
        if (_buffer.Capacity > 1 << 18)
            return;
        _buffer.ResetWrittenCount();
        Writer.Reset();
        t_free = this;
    }

    /// <summary>Starts a server-sent event; its data is the JSON written next.</summary>
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
