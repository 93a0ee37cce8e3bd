namespace ConvoSynth.Shards.Tests.Rows;

/// <summary>Counts the bytes that are read of a file.</summary>
internal sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public long Count { get; set; }

    // MemoryStream sends spans of derived classes through this overload.
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, count);
        Count += read;
        return read;
    }
}
