using System.Globalization;
using System.Security.Cryptography;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Promises;

/// <summary>Whether a folder keeps one of the promises that runs rely on.</summary>
/// <param name="Name">The promise, in words.</param>
/// <param name="IsKept">False if a run in this folder may lose rows, write them twice, or stand still.</param>
/// <param name="Detail">What was measured.</param>
public sealed record PromiseKept(string Name, bool IsKept, string Detail);

/// <summary>
/// Tries what run folders rely on, from two processes: network file systems differ in locks, renames and caches. It shows broken promises;
/// it cannot show that a machine keeps what it has synced when its power fails.
/// </summary>
public sealed class FolderExam(string root, IPartner partner, TimeProvider time)
{
    /// <summary>The size of a file that is replaced while the partner reads it.</summary>
    public const int WholeBytes = 64 << 10;

    private const int Rounds = 20;

    // The keeper of a run looks every second; what is seen later delays a run, and a stale lock stops it.
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReleasedWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly DiskStorage _disk = new();
    private string _folder = "";

    /// <exception cref="ShardException">The folder cannot be written.</exception>
    /// <remarks>The last promise ends the partner.</remarks>
    public async IAsyncEnumerable<PromiseKept> Examine()
    {
        _folder = Path.Combine(Path.GetFullPath(root), $".doctor-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        _disk.CreateFolder(_folder);
        try
        {
            yield return await Exclusive();
            yield return await Whole();
            yield return await Lengths();
            yield return await Names();
            yield return Syncs();
            yield return await Locks();
            yield return await LocksOfTheDead();
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<PromiseKept> Exclusive()
    {
        var there = partner.Ask("race", _folder);
        var here = await Task.Run(() => Partner.Race(_folder));
        var won = Numbers(await there);
        var twice = here.Intersect(won).Count();
        var by = here.Union(won).Count();
        return new(
            "a file is created by one process only",
            twice == 0 && by == Partner.Races,
            $"{Partner.Races} files, {here.Count} by one and {won.Length} by the other, {twice} by both, {Partner.Races - by} by neither"
        );
    }

    private async Task<PromiseKept> Whole()
    {
        var path = Path.Combine(_folder, "whole");
        Replace(path, 'a');
        var reading = partner.Ask("torn", path);
        var replaced = 0;
        while (!reading.IsCompleted)
            await Task.Run(() => Replace(path, ++replaced % 2 == 0 ? 'a' : 'b'));
        var torn = await reading;
        return new("a reader sees a renamed file whole", torn == "0", $"replaced {replaced} times while it was read, {torn} reads torn");
    }

    private void Replace(string path, char letter)
    {
        using (var stream = _disk.Create(path + ".new"))
        {
            stream.Write(Enumerable.Repeat((byte)letter, WholeBytes).ToArray());
            _disk.Sync(stream);
        }

        _disk.Rename(path + ".new", path);
    }

    private async Task<PromiseKept> Lengths()
    {
        var path = Path.Combine(_folder, "log");
        var slowest = TimeSpan.Zero;
        for (var i = 1; i <= Rounds && slowest <= SeenWithin; i++)
        {
            using (var stream = new FileStream(path, FileMode.Append))
            {
                stream.Write(new byte[100]);
                _disk.Sync(stream);
            }

            var length = (100 * i).ToString(CultureInfo.InvariantCulture);
            slowest = Longer(slowest, await Until("length", path, length, SeenWithin));
        }

        return Seen("the other process sees what was appended", slowest);
    }

    private async Task<PromiseKept> Names()
    {
        var slowest = TimeSpan.Zero;
        for (var i = 1; i <= Rounds && slowest <= SeenWithin; i++)
        {
            // Asked before it is there: some caches keep the answer no.
            var path = Path.Combine(_folder, $"name-{i}");
            await partner.Ask("exists", path);
            new FileStorage(_disk).PutIfAbsent(path, "convosynth"u8.ToArray());
            slowest = Longer(slowest, await Until("exists", path, "yes", SeenWithin));
            slowest = Longer(slowest, await Until("listed", path, "yes", SeenWithin));
        }

        return Seen("the other process sees new files", slowest);
    }

    private PromiseKept Syncs()
    {
        var spent = new List<TimeSpan>();
        try
        {
            using var stream = _disk.Create(Path.Combine(_folder, "synced"));
            for (var i = 0; i < Rounds; i++)
            {
                var began = time.GetTimestamp();
                stream.WriteByte(0);
                _disk.Sync(stream);
                spent.Add(time.GetElapsedTime(began));
            }
        }
        catch (ShardException e)
        {
            return new("a file can be synced", false, e.Message);
        }

        spent.Sort();
        var (median, slowest) = (spent[Rounds / 2].TotalMilliseconds, spent[^1].TotalMilliseconds);
        return new("a file can be synced", true, Text($"median {median:0.0} ms, slowest {slowest:0.0} ms"));
    }

    private async Task<PromiseKept> Locks()
    {
        var path = Path.Combine(_folder, "locked");
        using (_disk.OpenExclusive(path))
        {
            if (await partner.Ask("lock", path) == "locked")
                return new("an open file is locked for the other process", false, "both processes opened it to write");
        }

        var first = await partner.Ask("lock", path);
        var isOursToo = CanOpen(path);
        await partner.Ask("unlock", path);
        return new(
            "an open file is locked for the other process",
            first == "locked" && !isOursToo && CanOpen(path),
            first != "locked" ? "a closed file stayed locked"
                : isOursToo ? "this process opened a file that the other held"
                : "tried both ways"
        );
    }

    private async Task<PromiseKept> LocksOfTheDead()
    {
        var path = Path.Combine(_folder, "orphaned");
        await partner.Ask("lock", path);
        await partner.Kill();
        var began = time.GetTimestamp();
        while (!CanOpen(path))
        {
            if (time.GetElapsedTime(began) > ReleasedWithin)
                return new("the lock of a killed process is released", false, Text($"not within {ReleasedWithin.TotalSeconds:0} s"));
            await Task.Delay(Pause, time);
        }

        return new("the lock of a killed process is released", true, Text($"after {time.GetElapsedTime(began).TotalMilliseconds:0} ms"));
    }

    private bool CanOpen(string path)
    {
        try
        {
            _disk.OpenExclusive(path).Dispose();
            return true;
        }
        catch (ShardException)
        {
            return false;
        }
    }

    /// <returns>How long it took until the partner gave the answer; more than the limit if it did not.</returns>
    private async Task<TimeSpan> Until(string verb, string path, string answer, TimeSpan limit)
    {
        var began = time.GetTimestamp();
        while (await partner.Ask(verb, path) != answer)
        {
            if (time.GetElapsedTime(began) > limit)
                return time.GetElapsedTime(began);
            await Task.Delay(Pause, time);
        }

        return time.GetElapsedTime(began);
    }

    private static PromiseKept Seen(string promise, TimeSpan slowest) =>
        new(
            promise,
            slowest <= SeenWithin,
            slowest <= SeenWithin
                ? Text($"{Rounds} times, the slowest after {slowest.TotalMilliseconds:0} ms")
                : Text($"not within {SeenWithin.TotalSeconds:0} s: mount the folder without caching of attributes (NFS: noac)")
        );

    private static int[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
