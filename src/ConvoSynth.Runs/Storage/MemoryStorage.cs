namespace ConvoSynth.Runs.Storage;

/// <summary>
/// An in-memory file system that keeps only explicit guarantees: bytes and names that were not synced are lost on <see cref="Crash"/>.
/// For simulation and tests; not thread-safe.
/// </summary>
public sealed class MemoryStorage : IFileSystem
{
    private readonly Dictionary<string, Node> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _durable = new(StringComparer.Ordinal);

    // Changes of names since their folder was last synced, in order: a journaling file system makes a prefix of them durable.
    private readonly List<(string Folder, Action Apply)> _names = [];

    /// <summary>
    /// Called with the operation's name and path before each operation that changes something; an exception prevents the operation.
    /// </summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>
    /// Called with name and path after each sync, rename and removal; an exception fails the operation though it has had its effect.
    /// </summary>
    public Action<string, string>? After { get; set; }

    /// <summary>Awaited by <see cref="SyncAsync"/>, with the path, before the bytes become durable.</summary>
    public Func<string, Task>? Syncing { get; set; }

    /// <summary>The number of name changes that no sync of their folder has made durable.</summary>
    public int UnsyncedNames => _names.Count;

    /// <summary>Loses everything that is not durable.</summary>
    /// <param name="tornBytes">How many of the bytes appended to a file and not synced survive, as after a torn write.</param>
    /// <param name="names">How many of the <see cref="UnsyncedNames"/> survive, the oldest first.</param>
    public void Crash(int tornBytes = 0, int names = 0)
    {
        foreach (var (_, apply) in _names.Take(names))
            apply();
        _names.Clear();
        _live.Clear();
        foreach (var (path, node) in _durable)
        {
            var kept = node.Durable;
            if (tornBytes > 0 && node.Live.Length > kept.Length && node.Live.AsSpan().StartsWith(kept))
                kept = node.Live[..Math.Min(node.Live.Length, kept.Length + tornBytes)];
            _live[path] = new Node { Live = kept, Durable = kept };
        }

        _durable.Clear();
        foreach (var (path, node) in _live)
            _durable[path] = node;
    }

    public void CreateFolder(string path) { }

    public Stream Create(string path)
    {
        Before?.Invoke("create", path);
        return new Handle(this, path, Named(path));
    }

    public Stream CreateNew(string path)
    {
        if (_live.ContainsKey(path))
            throw new ShardException(ShardError.Busy, $"'{path}' is there already.");
        return Create(path);
    }

    public async Task SyncAsync(Stream stream)
    {
        stream.Flush();
        if (Syncing is { } syncing)
            await syncing(((Handle)stream).Path);
        Sync(stream);
    }

    public void Sync(Stream stream)
    {
        var handle = (Handle)stream;
        handle.Flush();
        Before?.Invoke("sync", handle.Path);
        handle.Node.Durable = handle.Node.Live;
        After?.Invoke("sync", handle.Path);
    }

    public void Rename(string from, string to)
    {
        Before?.Invoke("rename", to);
        if (!_live.Remove(from, out var node))
            throw new ShardException(ShardError.Storage, $"'{from}' is not there.");
        _live[to] = node;
        _names.Add((Folder(to), Apply));
        After?.Invoke("rename", to);

        void Apply()
        {
            _durable.Remove(from);
            _durable[to] = node;
        }
    }

    public bool TryRename(string from, string to)
    {
        if (_live.ContainsKey(to))
            return false;
        Rename(from, to);
        return true;
    }

    public void SyncFolder(string path)
    {
        Before?.Invoke("sync-folder", path);
        foreach (var (_, apply) in _names.Where(name => name.Folder == path))
            apply();
        _names.RemoveAll(name => name.Folder == path);
        After?.Invoke("sync-folder", path);
    }

    public void Delete(string path)
    {
        Before?.Invoke("delete", path);
        if (_live.Remove(path))
            _names.Add((Folder(path), () => _durable.Remove(path)));
        After?.Invoke("delete", path);
    }

    public IReadOnlyList<string> List(string folder) =>
        [
            .. _live
                .Keys.Where(name => Path.GetDirectoryName(name) == folder)
                .Select(name => Path.GetFileName(name))
                .Order(StringComparer.Ordinal),
        ];

    public IReadOnlyList<string> Folders(string folder) =>
        [
            .. _live
                .Keys.Select(name => Path.GetRelativePath(folder, name).Split(Path.DirectorySeparatorChar))
                .Where(parts => parts is [not "..", _, ..])
                .Select(parts => parts[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    public bool Exists(string path) => _live.ContainsKey(path);

    public bool FolderExists(string path) => List(path).Count > 0 || Folders(path).Count > 0;

    public Stream OpenRead(string path) =>
        _live.TryGetValue(path, out var node)
            ? new MemoryStream(node.Live, writable: false)
            : throw new ShardException(ShardError.Storage, $"'{path}' is not there.");

    public Stream OpenExclusive(string path)
    {
        Before?.Invoke("open", path);
        if (!_live.TryGetValue(path, out var node))
            node = Named(path);
        if (node.Held)
            throw new ShardException(ShardError.Busy, $"'{path}' is held by another process at this moment.");
        node.Held = true;
        var handle = new Handle(this, path, node);
        handle.Write(node.Live);
        handle.Position = 0;
        return handle;
    }

    private Node Named(string path)
    {
        var node = _live[path] = new Node();
        _names.Add((Folder(path), () => _durable[path] = node));
        return node;
    }

    private static string Folder(string path) => Path.GetDirectoryName(path) ?? "";

    private sealed class Node
    {
        public byte[] Live { get; set; } = [];

        public byte[] Durable { get; set; } = [];

        public bool Held { get; set; }
    }

    private sealed class Handle(MemoryStorage storage, string path, Node node) : MemoryStream
    {
        public string Path { get; } = path;

        public Node Node { get; } = node;

        public override void Flush()
        {
            storage.Before?.Invoke("write", Path);
            Node.Live = ToArray();
        }

        protected override void Dispose(bool disposing)
        {
            Node.Held = false;
            base.Dispose(disposing);
        }
    }
}
