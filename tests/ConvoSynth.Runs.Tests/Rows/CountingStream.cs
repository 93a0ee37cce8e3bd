namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>Counts the bytes read from a file.</summary>
internal sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public long Count { get; set; }

    // In derived classes, MemoryStream routes reads into spans through this overload.
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, count);
        Count += read;
        return read;
    }
}
