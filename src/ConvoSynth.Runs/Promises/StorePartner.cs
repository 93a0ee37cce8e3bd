using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Promises;

/// <summary>What both processes do in an object store.</summary>
public sealed class StorePartner(IRunStorage storage, TimeProvider time)
{
    /// <summary>How many objects both processes try to create at once.</summary>
    public const int Races = 40;

    /// <summary>How many entries both processes together add to one log.</summary>
    public const int Entries = 40;

    // Longer than the other process takes for an upload over a slow line.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The answer, in one line.</returns>
    /// <exception cref="ArgumentException">There is no such request.</exception>
    public string Answer(string verb, string path) =>
        verb switch
        {
            "race" => string.Join(' ', Race(path, [.. Enumerable.Range(0, Races).Reverse()])),
            "append" => Append(path, "other").ToString(CultureInfo.InvariantCulture),
            "put" => Put(path),
            "exists" => storage.Exists(path) ? "yes" : "no",
            "listed" => storage.List(path[..path.LastIndexOf('/')]).Contains(path[(path.LastIndexOf('/') + 1)..]) ? "yes" : "no",
            "hash" => Hash(path),
            _ => throw new ArgumentException($"there is no request {verb}", nameof(verb)),
        };

    public string Put(string path)
    {
        storage.Put(path, default);
        return "put";
    }

    /// <returns>The numbers of the objects that this process created.</returns>
    /// <param name="order">The numbers in this process' order: of two with one order, the faster would win all.</param>
    public IReadOnlyList<int> Race(string folder, IEnumerable<int> order) =>
        [.. order.Where(i => storage.PutIfAbsent($"{folder}/race-{i}", Encoding.ASCII.GetBytes($"{i}")))];

    /// <summary>Adds entries until the log is full. Each says how many its writer saw before it.</summary>
    /// <returns>How many appends of this process were applied.</returns>
    public int Append(string path, string name)
    {
        var applied = 0;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience; )
        {
            using var log = storage.OpenLog(path);
            var lines = Lines(log);
            if (lines.Length >= Entries)
                break;
            if (TryAppend(path, log.End, $"{lines.Length} {name}\n"))
                applied++;
        }

        return applied;
    }

    internal static string[] Lines(LogReading log) =>
        Encoding.ASCII.GetString(log.ReadAll()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private bool TryAppend(string path, LogPosition after, string entry)
    {
        try
        {
            return storage.Append(path, after, Encoding.ASCII.GetBytes(entry)) is not null;
        }
        catch (ShardException e) when (e.Fault == ShardError.Busy)
        {
            return false;
        }
    }

    // Waits until the object is there: what is read then must be whole.
    private string Hash(string path)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience; )
        {
            if (!storage.Exists(path))
                continue;
            using var stream = storage.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        return "none";
    }
}
