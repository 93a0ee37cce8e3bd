using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>
/// Writes JSON cells: unescaped readable text, one array of the exact length per cell. The writer checks the structure, so a cell is
/// always one whole document.
/// </summary>
internal static class Cells
{
    /// <param name="type">
    /// Type information of a context without its own encoder, so that generated code writes it and the writer's encoder decides the
    /// escaping.
    /// </param>
    public static ReadOnlyMemory<byte> Of<T>(T value, JsonTypeInfo<T> type) =>
        Written((value, type), static (writer, cell) => JsonSerializer.Serialize(writer, cell.value, cell.type));

    public static ReadOnlyMemory<byte> Written<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        var scratch = Scratch.Take();
        write(scratch.Writer, state);
        if (scratch.Writer.CurrentDepth != 0)
            throw new InvalidOperationException("a cell was left open: it is no document");
        scratch.Writer.Flush();
        ReadOnlyMemory<byte> cell = scratch.Buffer.WrittenSpan.ToArray();
        scratch.Release();
        return cell;
    }

    // A cache of buffers; no content passes from one cell to the next. A buffer that an exception left half written is discarded.
    private sealed class Scratch
    {
        private const int Largest = 1 << 20;

        [ThreadStatic]
        private static Scratch? t_free;

        private Scratch() => Writer = new(Buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Buffer { get; } = new(16 << 10);

        public Utf8JsonWriter Writer { get; }

        public static Scratch Take()
        {
            var scratch = t_free ?? new();
            t_free = null;
            return scratch;
        }

        public void Release()
        {
            if (Buffer.Capacity > Largest)
                return;
            Buffer.ResetWrittenCount();
            Writer.Reset();
            t_free = this;
        }
    }
}

/// <summary>Caches cells that recur in many rows. Bounded at 1,024 entries: when it is full, further cells are made each time.</summary>
internal sealed class CellCache<TKey>
    where TKey : notnull
{
    private const int Most = 1024;

    private readonly ConcurrentDictionary<TKey, ReadOnlyMemory<byte>> _cells = new();
    private int _count;

    public ReadOnlyMemory<byte> Of<TState>(TKey key, TState state, Func<TState, ReadOnlyMemory<byte>> make)
    {
        if (_cells.TryGetValue(key, out var cell))
            return cell;
        cell = make(state);
        if (Volatile.Read(ref _count) < Most && _cells.TryAdd(key, cell))
            Interlocked.Increment(ref _count);
        return cell;
    }
}
