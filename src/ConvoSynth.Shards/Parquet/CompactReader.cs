using System.Text;

namespace ConvoSynth.Shards.Parquet;

/// <summary>What is wrong with a file, before its name is known. Public methods turn it into a <see cref="ShardException"/>.</summary>
internal sealed class DamageException(string what, ShardFault fault = ShardFault.Corrupt, Exception? inner = null) : Exception(what, inner)
{
    public ShardFault Fault { get; } = fault;

    public ShardException In(string file) => new(
        Fault, Fault == ShardFault.Unsupported ? $"'{file}' cannot be read: {Message}." : $"'{file}' is damaged: {Message}.", this);
}

/// <summary>Reads Thrift structs in the compact protocol. Every count and length is held against the bytes that are there.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Moves to the next field of the struct; false at its end. <paramref name="id"/> starts at 0.</summary>
    public bool NextField(ref int id, out CompactType type)
    {
        var head = Byte();
        type = (CompactType)(head & 0x0F);
        if (type == CompactType.Stop)
            return false;
        id = head >> 4 == 0 ? I32() : id + (head >> 4);
        return true;
    }

    public int I32()
    {
        var value = I64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new DamageException($"the number {value} does not fit 32 bits");
    }

    public long I64()
    {
        var raw = Varint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <summary>A boolean inside a list, where it takes a byte; writers do not agree on the one for false.</summary>
    public bool BoolElement() => Byte() switch
    {
        (byte)CompactType.True => true,
        0 or (byte)CompactType.False => false,
        var other => throw new DamageException($"a boolean of its metadata is {other}"),
    };

    public ReadOnlySpan<byte> Binary()
    {
        var length = Varint();
        if (length > (ulong)(_bytes.Length - Position))
            throw new DamageException($"a string of {length} bytes runs past the end of its struct");
        var value = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    public string Text() => Encoding.UTF8.GetString(Binary());

    /// <summary>The number of elements that follow; each takes at least one byte, so it is never more than what is left.</summary>
    public int List(out CompactType element)
    {
        var head = Byte();
        element = (CompactType)(head & 0x0F);
        var count = head >> 4 == 15 ? Varint() : (ulong)(head >> 4);
        if (count > (ulong)(_bytes.Length - Position))
            throw new DamageException($"a list of {count} elements runs past the end of its struct");
        return (int)count;
    }

    public void Skip(CompactType type, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new DamageException("its metadata is nested too deeply");
        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                Byte();
                break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64:
                Varint();
                break;
            case CompactType.Double:
                Advance(8);
                break;
            case CompactType.Binary:
                Binary();
                break;
            case CompactType.List or CompactType.Set:
                var count = List(out var element);
                for (var i = 0; i < count; i++)
                    SkipElement(element, depth + 1);
                break;
            case CompactType.Struct:
                var id = 0;
                while (NextField(ref id, out var field))
                    Skip(field, depth + 1);
                break;
            default:
                throw new DamageException($"its metadata has the unknown Thrift type {(int)type}");
        }
    }

    private void SkipElement(CompactType type, int depth)
    {
        // Inside a list a boolean takes a byte; as a field it is part of the header.
        if (type is CompactType.True or CompactType.False)
            Byte();
        else
            Skip(type, depth);
    }

    private byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw new DamageException("its metadata ends too early");

    private void Advance(int count)
    {
        if (count > _bytes.Length - Position)
            throw new DamageException("its metadata ends too early");
        Position += count;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new DamageException("a number in its metadata is longer than 64 bits");
    }
}
