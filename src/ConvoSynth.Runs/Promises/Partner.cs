using System.Globalization;
using System.Text;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Promises;

/// <summary>What the second process does in a folder.</summary>
public sealed class Partner : IDisposable
{
    /// <summary>How many files both processes try to create at once.</summary>
    public const int Races = 200;

    private const int Reads = 200;

    private static readonly FileStorage Disk = new(new DiskStorage());

    private Stream? _held;

    /// <returns>The answer, in one line.</returns>
    /// <exception cref="ArgumentException">There is no such request.</exception>
    public string Answer(string verb, string path) =>
        verb switch
        {
            "race" => string.Join(' ', Race(path)),
            "lock" => Lock(path) ? "locked" : "busy",
            "unlock" => Unlock(),
            "length" => new FileInfo(path) is { Exists: true } file ? file.Length.ToString(CultureInfo.InvariantCulture) : "none",
            "exists" => File.Exists(path) ? "yes" : "no",
            "listed" => Directory.GetFiles(Path.GetDirectoryName(path)!).Contains(path, StringComparer.Ordinal) ? "yes" : "no",
            "torn" => Torn(path).ToString(CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"there is no request {verb}", nameof(verb)),
        };

    /// <summary>Answers requests, a line each, until the input ends.</summary>
    /// <param name="answer">The answer to a verb and a path.</param>
    public static async Task Serve(TextReader requests, TextWriter answers, Func<string, string, string> answer)
    {
        while (await requests.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ', 2);
            await answers.WriteLineAsync(answer(parts[0], parts[1]));
            await answers.FlushAsync();
        }
    }

    /// <returns>The numbers of the files that this process created.</returns>
    public static IReadOnlyList<int> Race(string folder) =>
        [.. Enumerable.Range(0, Races).Where(i => Disk.PutIfAbsent(Path.Combine(folder, $"race-{i}"), "convosynth"u8.ToArray()))];

    public void Dispose() => Unlock();

    private bool Lock(string path)
    {
        try
        {
            _held = new DiskStorage().OpenExclusive(path);
            return true;
        }
        catch (ShardException)
        {
            return false;
        }
    }

    private string Unlock()
    {
        _held?.Dispose();
        _held = null;
        return "unlocked";
    }

    // A whole file consists of one letter.
    private static int Torn(string path)
    {
        var torn = 0;
        for (var i = 0; i < Reads; i++)
        {
            var text = Encoding.ASCII.GetString(File.ReadAllBytes(path));
            if (text.Length != FolderExam.WholeBytes || text.Any(c => c != text[0]))
                torn++;
        }

        return torn;
    }
}
