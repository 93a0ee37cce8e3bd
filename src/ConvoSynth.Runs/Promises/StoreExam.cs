using System.Globalization;
using System.Security.Cryptography;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Promises;

/// <summary>
/// Tries what runs rely on in an object store, from two processes. It shows broken promises; it cannot show that a store keeps what it has
/// accepted.
/// </summary>
public sealed class StoreExam(IRunStorage storage, string root, IPartner partner, TimeProvider time)
{
    // Several parts, so that a reader could meet an unfinished upload.
    private const int UploadBytes = 20 << 20;

    private const int Rounds = 10;

    private readonly string _folder = $"{root.TrimEnd('/')}/.doctor-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    /// <exception cref="ShardException">The store cannot be reached, or ignores conditions in one process already.</exception>
    public async IAsyncEnumerable<PromiseKept> Examine()
    {
        try
        {
            yield return await Absent();
            yield return await Appends();
            yield return await Uploads();
            yield return await Names();
        }
        finally
        {
            storage.Delete(_folder, storage.List(_folder));
            // Where a log is a folder of entries.
            storage.Delete(Log, storage.List(Log));
        }
    }

    private string Log => $"{_folder}/log";

    private async Task<PromiseKept> Absent()
    {
        // The first write of each takes as long as its start.
        new StorePartner(storage, time).Put($"{_folder}/here");
        await partner.Ask("put", $"{_folder}/there");
        var there = partner.Ask("race", _folder);
        var here = await Task.Run(() => new StorePartner(storage, time).Race(_folder, Enumerable.Range(0, StorePartner.Races)));
        var won = (await there)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))
            .ToArray();
        var (twice, by) = (here.Intersect(won).Count(), here.Union(won).Count());
        return new(
            "an object is created by one process only",
            twice == 0 && by == StorePartner.Races,
            $"{StorePartner.Races} objects, {here.Count} by one and {won.Length} by the other, {twice} by both, "
                + $"{StorePartner.Races - by} by neither"
        );
    }

    private async Task<PromiseKept> Appends()
    {
        var there = partner.Ask("append", Log);
        var here = await Task.Run(() => new StorePartner(storage, time).Append(Log, "this"));
        var won = int.Parse(await there, CultureInfo.InvariantCulture);
        using var log = storage.OpenLog(Log);
        var lines = StorePartner.Lines(log);
        var misplaced = lines.Where((line, i) => line.Split(' ')[0] != i.ToString(CultureInfo.InvariantCulture)).Count();
        return new(
            "an append is applied only after the entry that its writer saw last",
            lines.Length == here + won && misplaced == 0,
            $"{lines.Length} entries, {here} by one and {won} by the other, {misplaced} not where their writer put them"
        );
    }

    private async Task<PromiseKept> Uploads()
    {
        var path = $"{_folder}/upload";
        var content = RandomNumberGenerator.GetBytes(UploadBytes);
        var reading = partner.Ask("hash", path);
        var isEarly = await Task.Run(() =>
        {
            using var upload = storage.Upload(path);
            upload.Content.Write(content);
            upload.Finish();
            var seen = storage.Exists(path);
            upload.Publish();
            return seen;
        });
        var hash = await reading;
        return new(
            "an upload appears whole when it is published",
            !isEarly && hash == Convert.ToHexStringLower(SHA256.HashData(content)),
            isEarly ? "it was there before"
                : hash == "none" ? "the other process did not see it"
                : $"{UploadBytes >> 20} MB, read by the other process at once"
        );
    }

    private async Task<PromiseKept> Names()
    {
        var (unseen, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < Rounds; i++)
        {
            // Asked before it is there: some caches keep the answer no.
            var path = $"{_folder}/name-{i}";
            await partner.Ask("exists", path);
            storage.PutIfAbsent(path, "convosynth"u8.ToArray());
            var began = time.GetTimestamp();
            if (await partner.Ask("exists", path) != "yes" || await partner.Ask("listed", path) != "yes")
                unseen++;
            slowest = time.GetElapsedTime(began) is var spent && spent > slowest ? spent : slowest;
        }

        return new(
            "the other process sees new objects at once",
            unseen == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Rounds} times, {unseen} not at once; two requests took {slowest.TotalMilliseconds:0} ms at most"
            )
        );
    }
}
