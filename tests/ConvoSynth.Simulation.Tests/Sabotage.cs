using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Simulation.Tests;

/// <summary>
/// Checks that the simulator can fail: each test breaks something that an invariant relies on, and the simulator finds it.
/// </summary>
public sealed class Sabotage
{
    private const int Seeds = 40;

    private static readonly Mishaps ManyDeaths = Mishaps.None with { DeathInCommit = 0.2, DeathEvery = 200, Budget = 10 };
    private static readonly Mishaps Crashes = Mishaps.None with { DeathInCommit = 0.2, DeathEvery = 800 };

    [Fact]
    public void A_disk_that_says_synced_and_is_not_is_found() =>
        Found(c => c with { Storage = s => new Lying(s) { Syncs = false } })
            .Should()
            .ContainAny("corrupt", "missing", "damaged", "not there");

    [Fact]
    public void A_folder_whose_names_are_not_made_durable_is_found() =>
        Found(c => c with { Storage = s => new Lying(s) { SyncsFolders = false } })
            .Should()
            .ContainAny("corrupt", "missing", "damaged", "not there");

    [Fact]
    public void Names_of_dropped_shards_that_come_back_are_found() =>
        Found(c => c with { Storage = s => new Lying(s) { Deletes = false } }, Crashes with { StopEvery = 300 })
            .Should()
            .ContainAny("left over", "is missing");

    [Fact]
    public void A_row_that_is_written_twice_is_found() =>
        Found(c => c with { Format = new Copying(c.Format, row => row.Index == 2 ? 2 : 1) }, Mishaps.None)
            .Should()
            .ContainAny("other bytes", "two committed places");

    [Fact]
    public void A_row_that_vanishes_is_found() =>
        Found(c => c with { Format = new Copying(c.Format, row => row.Index == 2 ? 0 : 1) }, Mishaps.None)
            .Should()
            .ContainAny("other bytes", "no such shard", "missing");

    [Fact]
    public void A_model_that_is_no_function_of_its_dialogue_is_found()
    {
        var calls = 0;
        Found(c => c with { Models = m => new Changed(m, Fickle) }, Mishaps.None)
            .Should()
            .ContainAny("other bytes", "not that of the undisturbed run", "no such shard");

        ValueTask<ModelResponse> Fickle(ModelResponse response, CancellationToken cancellationToken) =>
            new(++calls % 50 == 0 ? Saying($"call {calls}", response) : response);
    }

    [Fact]
    public void Work_on_another_thread_is_found() =>
        Found(c => c with { Models = m => new Changed(m, async (response, _) => await Elsewhere(response)) }, Mishaps.None)
            .Should()
            .Contain("from another thread");

    [Fact]
    public void A_write_that_comes_from_no_turn_is_found() =>
        Found(c => c with { Storage = s => new Lying(s) { StaysOnTurns = false } }, Mishaps.None, journaled: true)
            .Should()
            .Contain("from no turn");

    [Fact]
    public void What_never_ends_is_found() =>
        Found(c => c with { Models = m => new Changed(m, (_, _) => new(new TaskCompletionSource<ModelResponse>().Task)) }, Mishaps.None)
            .Should()
            .ContainAny("left behind", "did not end", "other bytes", "no such shard");

    [Fact]
    public void An_object_store_that_does_not_compare_before_it_appends_is_found() =>
        Found(
                c => c with { ObjectsCompare = false },
                Mishaps.None with
                {
                    OnObjects = true,
                    ObjectsAnswerTwice = 0.1,
                    ForgetEvery = 60,
                    Budget = 40,
                }
            )
            .Should()
            .ContainAny("is damaged", "other bytes", "two committed places");

    [Fact]
    public void A_journal_that_says_synced_and_is_not_is_found() =>
        Found(c => c with { Storage = s => new Lying(s) { SyncsJournals = false } }, ManyDeaths, journaled: true)
            .Should()
            .ContainAny("paid for again", "is not in the journal", "other bytes", "no such");

    [Fact]
    public void A_journal_that_does_not_notice_that_it_was_overtaken_is_found() =>
        Found(
                c => c with { Storage = s => new Lying(s) { ShowsSegments = false } },
                Mishaps.None with
                {
                    ForgetEvery = 60,
                    Calls = 0.05,
                    Budget = 40,
                },
                journaled: true
            )
            .Should()
            .ContainAny("paid for again", "two answers", "went another way", "other bytes", "no such");

    [Fact]
    public void An_answer_that_is_used_before_it_is_durable_is_found() =>
        Found(c => c with { Models = m => new Through(m, j => new Hasty(j)) }, ManyDeaths, journaled: true)
            .Should()
            .ContainAny("paid for again", "two answers", "is not in the journal", "other bytes", "no such");

    [Fact]
    public void An_answer_that_is_not_looked_for_is_found() =>
        Found(c => c with { Models = m => new Through(m, j => new Blind(j)) }, ManyDeaths, journaled: true)
            .Should()
            .Contain("paid for again");

    // Completes before it returns, so that no turn is missed; the continuation is posted from the foreign thread.
    private static Task<ModelResponse> Elsewhere(ModelResponse response)
    {
        var source = new TaskCompletionSource<ModelResponse>();
        var begun = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            SpinWait.SpinUntil(() => begun.Task.IsCompleted);
            source.SetResult(response);
        });
        thread.Start();
        var awaiting = Await(source.Task);
        begun.SetResult();
        thread.Join();
        return awaiting;

        static async Task<ModelResponse> Await(Task<ModelResponse> task) => await task;
    }

    private static ModelResponse Saying(string text, ModelResponse response) =>
        response with
        {
            Message = response.Message with { Content = text },
        };

    private static string Found(Func<ProcessConditions, ProcessConditions> change, Mishaps? mishaps = null, bool journaled = false)
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            mishaps ??= Crashes;
            SimulatedRun
                .Run(seed, mishaps: mishaps, journaled: journaled)
                .Violation.Should()
                .BeNull("without the sabotage, seed {0} passes", seed);
            if (SimulatedRun.Run(seed, change: change, mishaps: mishaps, journaled: journaled).Violation is { } violation)
                return violation;
        }

        throw new InvalidOperationException($"{Seeds} seeds did not find it");
    }

    /// <summary>Breaks guarantees for shards. Commit logs keep theirs, since otherwise everything would be lost at once.</summary>
    private sealed class Lying(MemoryStorage inner) : IFileSystem
    {
        private readonly HashSet<Stream> _shards = [];

        public bool Syncs { get; init; } = true;

        public bool SyncsFolders { get; init; } = true;

        public bool SyncsJournals { get; init; } = true;

        public bool ShowsSegments { get; init; } = true;

        public bool Deletes { get; init; } = true;

        public bool StaysOnTurns { get; init; } = true;

        public void CreateFolder(string path) => inner.CreateFolder(path);

        public Stream Create(string path)
        {
            var stream = inner.Create(path);
            _shards.Add(stream);
            return stream;
        }

        public Stream CreateNew(string path) => inner.CreateNew(path);

        public async Task SyncAsync(Stream stream)
        {
            if (!StaysOnTurns)
            {
                // Joined, so that the thread writes before the simulated run goes on.
                var thread = new Thread(() => inner.Sync(stream));
                thread.Start();
                thread.Join();
            }
            else if (SyncsJournals)
                await inner.SyncAsync(stream);
            else
                stream.Flush();
        }

        public void Sync(Stream stream)
        {
            if (Syncs || !_shards.Contains(stream))
                inner.Sync(stream);
            else
                stream.Flush();
        }

        public void Rename(string from, string to) => inner.Rename(from, to);

        public bool TryRename(string from, string to) => inner.TryRename(from, to);

        public void SyncFolder(string path)
        {
            if (SyncsFolders)
                inner.SyncFolder(path);
        }

        public void Delete(string path)
        {
            if (Deletes)
                inner.Delete(path);
        }

        public IReadOnlyList<string> List(string folder) => inner.List(folder);

        public IReadOnlyList<string> Folders(string folder) => inner.Folders(folder);

        public bool FolderExists(string path) => inner.FolderExists(path);

        public bool Exists(string path) => (ShowsSegments || !path.EndsWith(".journal", StringComparison.Ordinal)) && inner.Exists(path);

        public Stream OpenRead(string path) => inner.OpenRead(path);

        public Stream OpenExclusive(string path) => inner.OpenExclusive(path);
    }

    private sealed class Copying(IShardFormat inner, Func<ShardRow, int> copies) : IShardFormat
    {
        public string Extension => inner.Extension;

        public IShardWriter Begin(Stream output) => new Writer(inner.Begin(output), copies);

        private sealed class Writer(IShardWriter inner, Func<ShardRow, int> copies) : IShardWriter
        {
            public long Rows => inner.Rows;

            public long RawBytes => inner.RawBytes;

            public void Append(ShardRow row)
            {
                for (var i = copies(row); i > 0; i--)
                    inner.Append(row);
            }

            public ShardDigest Finish() => inner.Finish();

            public void Dispose() => inner.Dispose();
        }
    }

    /// <summary>A model with another journal.</summary>
    private sealed class Through(IChatModel inner, Func<IJournal, IJournal> change) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            inner.Respond(request with { Journal = change(request.Journal!) }, cancellationToken);
    }

    private sealed class Hasty(IJournal inner) : IJournal
    {
        public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken) =>
            inner.Find(key, requestHash, cancellationToken);

        public ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken)
        {
            _ = inner.Append(call, CancellationToken.None).AsTask();
            return new(call);
        }
    }

    private sealed class Blind(IJournal inner) : IJournal
    {
        public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken) =>
            new((JournaledCall?)null);

        public ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken) =>
            inner.Append(call, cancellationToken);
    }

    private sealed class Changed(IChatModel inner, Func<ModelResponse, CancellationToken, ValueTask<ModelResponse>> change) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            await change(await inner.Respond(request, cancellationToken), cancellationToken);
    }
}
