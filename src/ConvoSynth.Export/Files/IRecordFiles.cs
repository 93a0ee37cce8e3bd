namespace ConvoSynth.Export.Files;

/// <param name="Name">The path below the export's folder.</param>
/// <param name="Rows">How many records it holds.</param>
/// <param name="Sha256">In lower-case hexadecimal.</param>
public sealed record WrittenFile(string Name, long Rows, long Bytes, string Sha256);

/// <summary>The files of one split.</summary>
internal interface IRecordFiles<in T> : IDisposable
{
    void Write(T record);

    /// <summary>Ends the files; no record may follow.</summary>
    IReadOnlyList<WrittenFile> Finish();
}
