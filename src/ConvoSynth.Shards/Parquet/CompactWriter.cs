using System.Text;

namespace ConvoSynth.Shards.Parquet;

/// <summary>The type codes of Thrift's compact protocol, in which Parquet writes its footer and page headers.</summary>
internal enum CompactType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>Writes Thrift structs in the compact protocol. Fields of a struct are written in ascending order of their ids.</summary>
internal sealed class CompactWriter(ByteBuffer output)
{
    private readonly Stack<int> _outer = new();
    private int _last;

    public void I16(int id, short value)
    {
        Header(id, CompactType.I16);
        Zigzag(value);
    }

    public void I32(int id, int value)
    {
        Header(id, CompactType.I32);
        Zigzag(value);
    }

    public void I64(int id, long value)
    {
        Header(id, CompactType.I64);
        Zigzag(value);
    }

    public void Bool(int id, bool value) => Header(id, value ? CompactType.True : CompactType.False);

    public void Binary(int id, ReadOnlySpan<byte> value)
    {
        Header(id, CompactType.Binary);
        output.AppendVarint((ulong)value.Length);
        output.Append(value);
    }

    public void Text(int id, string value) => Binary(id, Encoding.UTF8.GetBytes(value));

    public void BeginStruct(int id)
    {
        Header(id, CompactType.Struct);
        BeginElement();
    }

    /// <summary>A struct that was serialized before.</summary>
    public void Prepared(int id, ReadOnlySpan<byte> body)
    {
        Header(id, CompactType.Struct);
        output.Append(body);
    }

    /// <summary>A struct that is an element of a list, or the outermost one: it has no header.</summary>
    public void BeginElement()
    {
        _outer.Push(_last);
        _last = 0;
    }

    public void EndStruct()
    {
        output.Append((byte)CompactType.Stop);
        _last = _outer.Pop();
    }

    /// <summary>A union arm or marker struct without fields.</summary>
    public void Empty(int id)
    {
        BeginStruct(id);
        EndStruct();
    }

    public void BeginList(int id, CompactType element, int count)
    {
        Header(id, CompactType.List);
        if (count < 15)
        {
            output.Append((byte)((count << 4) | (int)element));
            return;
        }

        output.Append((byte)(0xF0 | (int)element));
        output.AppendVarint((ulong)count);
    }

    public void I32Element(int value) => Zigzag(value);

    public void I64Element(long value) => Zigzag(value);

    /// <summary>In a list a boolean takes a byte, which is that of its field header: the list's element type is <see cref="CompactType.True"/>.</summary>
    public void BoolElement(bool value) => output.Append((byte)(value ? CompactType.True : CompactType.False));

    public void BinaryElement(ReadOnlySpan<byte> value)
    {
        output.AppendVarint((ulong)value.Length);
        output.Append(value);
    }

    public void TextElement(string value) => BinaryElement(Encoding.UTF8.GetBytes(value));

    private void Zigzag(long value) => output.AppendVarint((ulong)((value << 1) ^ (value >> 63)));

    private void Header(int id, CompactType type)
    {
        var delta = id - _last;
        if (delta is > 0 and < 16)
        {
            output.Append((byte)((delta << 4) | (int)type));
        }
        else
        {
            output.Append((byte)type);
            Zigzag(id);
        }

        _last = id;
    }
}
