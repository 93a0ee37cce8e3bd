using ConvoSynth.Core;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Simulation.Stores;

/// <summary>What becomes of an operation on its way to an object store.</summary>
internal enum ObjectFate
{
    Arrives,

    /// <summary>Its caller sees an error, and it has its effect later.</summary>
    ArrivesLate,

    /// <summary>The answer is lost, and the caller's client repeats it at once.</summary>
    IsRepeated,

    /// <summary>It has its effect at once, and once more later.</summary>
    ArrivesAgainLater,
}

/// <summary>
/// An object store: what it has answered is durable. It has no locks and no renames. What is on its way may arrive late or twice, also
/// after its sender has died.
/// </summary>
internal sealed class ObjectStore : SimulatedStore, IRunStorage
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<byte[]>> _logs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private readonly List<(long At, Action Arrive)> _onTheirWay = [];
    private readonly SeededRandom _delays;
    private Action<string, string>? _before;
    private Action<string, string>? _after;
    private Func<string, Task>? _syncing;
    private long _operations;

    public ObjectStore(ulong seed) => _delays = new Seed(seed).For("objects").Random();

    /// <summary>Whether an append looks at what the log holds; for sabotage.</summary>
    public bool Compares { get; set; } = true;

    public override RunFolder Folder => new(this, Root);

    public override Action<string, string>? Before
    {
        set => _before = value;
    }

    public override Action<string, string>? After
    {
        set => _after = value;
    }

    public override Func<string, Task>? Syncing
    {
        set => _syncing = value;
    }

    public override RunFolder Open(ProcessConditions conditions)
    {
        Compares = conditions.ObjectsCompare;
        return new(this, Root) { BatchesOfSegment = BatchesOfSegment(conditions) };
    }

    public override void Lose(SeededRandom random) { }

    public override bool AppearedLate(string path) => _late.Contains(path);

    public override void Settle()
    {
        foreach (var (_, arrive) in _onTheirWay.ToArray())
            arrive();
        _onTheirWay.Clear();
    }

    public void CreateFolder(string path) { }

    public void Put(string path, ReadOnlyMemory<byte> content) => Do("put", path, () => _files[path] = content.ToArray());

    public bool PutIfAbsent(string path, ReadOnlyMemory<byte> content) =>
        Do("put-if-absent", path, () => _files.TryAdd(path, content.ToArray()));

    public IUpload Upload(string path) => new Sending(this, path);

    public LogReading OpenLog(string path, long? upTo = null)
    {
        var entries = _logs.GetValueOrDefault(path) ?? [];
        var end = new LogPosition(entries.Count);
        return new(new MemoryStream([.. entries.SelectMany(e => e)], writable: false), () => end);
    }

    public LogPosition? Append(string path, LogPosition after, ReadOnlyMemory<byte> entry)
    {
        var bytes = entry.ToArray();
        return Do("append", path, () => Appended(path, after, bytes));
    }

    public async Task<LogPosition?> AppendAsync(string path, LogPosition after, ReadOnlyMemory<byte> entry)
    {
        if (_syncing is { } syncing)
            await syncing(path);
        return Append(path, after, entry);
    }

    public IReadOnlyList<string> ListLogs(string folder) => NamesIn(folder, _logs.Keys);

    public Task<bool> LogExistsAsync(string path) => Task.FromResult(_logs.ContainsKey(path));

    public void Delete(string folder, IReadOnlyCollection<string> names)
    {
        foreach (var path in names.Select(n => Path.Combine(folder, n)))
            Do("delete", path, () => _files.Remove(path));
    }

    public IReadOnlyList<string> List(string folder) => NamesIn(folder, _files.Keys);

    public IReadOnlyList<string> Folders(string folder) => [];

    public bool Exists(string path) => _files.ContainsKey(path);

    public bool FolderExists(string path) => List(path).Count > 0;

    public bool CanHold(string path) => true;

    public Stream OpenRead(string path) =>
        _files.TryGetValue(path, out var content)
            ? new MemoryStream(content, writable: false)
            : throw new ShardException(ShardError.Storage, $"'{path}' is not there.");

    private LogPosition? Appended(string path, LogPosition after, byte[] entry)
    {
        if (!_logs.TryGetValue(path, out var entries))
            _logs[path] = entries = [];
        if (Compares && entries.Count != after.Number)
            return null;
        entries.Add(entry);
        return new(entries.Count) { IsOwn = true };
    }

    private T Do<T>(string operation, string path, Func<T> effect)
    {
        _before?.Invoke(operation, path);
        _operations++;
        Arrive();
        var fate = Fates?.Invoke(operation, path) ?? ObjectFate.Arrives;
        if (fate == ObjectFate.ArrivesLate)
        {
            Later(path, effect);
            throw new ShardException(ShardError.Storage, $"'{path}': the store did not answer in time.");
        }

        var result = effect();
        if (fate == ObjectFate.IsRepeated)
            result = effect();
        if (fate == ObjectFate.ArrivesAgainLater)
            Later(path, effect);
        _after?.Invoke(operation, path);
        return result;
    }

    private void Later<T>(string path, Func<T> effect) =>
        _onTheirWay.Add(
            (
                _operations + _delays.Between(1, 400),
                () =>
                {
                    var wasThere = _files.ContainsKey(path);
                    effect();
                    if (!wasThere && _files.ContainsKey(path))
                        _late.Add(path);
                }
            )
        );

    private void Arrive()
    {
        foreach (var message in _onTheirWay.Where(m => m.At <= _operations).ToArray())
        {
            _onTheirWay.Remove(message);
            message.Arrive();
        }
    }

    private static string[] NamesIn(string folder, IEnumerable<string> paths) =>
        [.. paths.Where(p => Path.GetDirectoryName(p) == folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    /// <summary>An upload in parts: the last part is sent when it is finished.</summary>
    private sealed class Sending(ObjectStore store, string path) : IUpload
    {
        private readonly MemoryStream _content = new();
        private byte[]? _sent;

        public Stream Content => _content;

        public void Finish()
        {
            store._before?.Invoke("stage", path);
            _sent = _content.ToArray();
        }

        public void Publish()
        {
            var sent = _sent!;
            store.Do("publish", path, () => store._files[path] = sent);
        }

        public void Dispose() => _content.Dispose();
    }
}
