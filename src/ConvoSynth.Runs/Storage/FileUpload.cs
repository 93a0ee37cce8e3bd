namespace ConvoSynth.Runs.Storage;

/// <summary>A large file under its temporary name.</summary>
internal sealed class FileUpload(IFileSystem files, string path, string temporary) : IUpload
{
    private bool _isClosed;
    private bool _isPublished;

    public Stream Content { get; } = files.Create(temporary);

    public void Finish()
    {
        files.Sync(Content);
        Content.Dispose();
        _isClosed = true;
    }

    public void Publish()
    {
        files.Rename(temporary, path);
        _isPublished = true;
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    // After a failure the removal may fail as well; the next owner of the partition then removes the file.
    public void Dispose()
    {
        if (_isPublished)
            return;
        try
        {
            if (!_isClosed)
                Content.Dispose();
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            // A full disk fails the last flush, but the bytes are no longer needed.
        }

        try
        {
            files.Delete(temporary);
        }
        catch (ShardException)
        {
            // The caller reports the original error.
        }
    }
}
