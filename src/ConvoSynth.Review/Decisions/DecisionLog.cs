using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace ConvoSynth.Review.Decisions;

/// <summary>
/// What reviewers decided: an append-only file beside the run, one line an entry, each with its CRC-32 and durable before the reviewer is
/// told. Shards are never changed. Several servers may write to one log: each append holds the file, and first reads what others added.
/// </summary>
public sealed class DecisionLog : IDisposable
{
    public const string FileName = "decisions.log";
    private const int CrcChars = 8;

    private const int MostTries = 500;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private ImmutableList<Decision> _entries = [];
    private long _read;

    /// <param name="run">The path of the run folder.</param>
    /// <exception cref="ReviewException">The log is damaged, or a newer version wrote it.</exception>
    public DecisionLog(string run, TimeProvider time)
    {
        _time = time;
        Path = System.IO.Path.Combine(run, "review", FileName);
        if (!File.Exists(Path))
            return;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        TakeUp(file);
    }

    public string Path { get; }

    /// <summary>All entries, in the order of the log.</summary>
    public IReadOnlyList<Decision> Entries => _entries;

    /// <summary>Appends an entry, unless its key is there; it is durable when the task ends.</summary>
    /// <exception cref="ReviewException">The entry is wrong, or the log is damaged or cannot be written.</exception>
    public Task Append(Decision decision, CancellationToken cancellationToken) => AppendAll([decision], cancellationToken);

    /// <summary>Appends several entries by one write.</summary>
    /// <exception cref="ReviewException">An entry is wrong, or the log is damaged or cannot be written.</exception>
    public async Task AppendAll(IReadOnlyList<Decision> decisions, CancellationToken cancellationToken)
    {
        if (decisions.Select(d => d.Problem()).FirstOrDefault(p => p is not null) is { } problem)
            throw new ReviewException(problem);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            await using var file = await Hold(cancellationToken);
            TakeUp(file);
            Decision[] added = [.. decisions.Where(d => d.Key is null || !_keys.Contains(d.Key))];
            Write(file, [.. added.SelectMany(LineOf)]);
            foreach (var decision in added)
                Add(decision);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewException($"the decision was not kept: {e.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Another server of this run holds the file for one append at most.
    private async Task<FileStream> Hold(CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                // Without a buffer: what fails to be written is not written again when the file is closed.
                return new(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (tries < MostTries && File.Exists(Path))
            {
                await Task.Delay(BetweenTries, _time, cancellationToken);
            }
        }
    }

    private void Write(FileStream file, byte[] lines)
    {
        // A torn last line never counted.
        file.SetLength(_read);
        file.Position = _read;
        try
        {
            file.Write(lines);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // The disk is full: what of the lines is there must not count either.
            file.SetLength(_read);
            throw;
        }

        _read = file.Length;
    }

    private void Add(Decision decision)
    {
        _entries = _entries.Add(decision);
        if (decision.Key is { } key)
            _keys.Add(key);
    }

    private void TakeUp(FileStream file)
    {
        file.Position = _read;
        var bytes = new byte[file.Length - _read];
        file.ReadExactly(bytes);
        var start = 0;
        while (bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.AsSpan(start, length);
            Add(Parse(line) ?? throw Damage(line.Length));
            start += length + 1;
        }

        _read += start;
    }

    private ReviewException Damage(int bytes) =>
        new($"{Path} is damaged: entry {_entries.Count + 1} of {bytes} bytes does not match its checksum; restore the file from a copy");

    private static byte[] LineOf(Decision decision)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(decision, DecisionJson.Lines.Decision);
        var crc = Crc32.HashToUInt32(text).ToString("x8", CultureInfo.InvariantCulture);
        return [.. Encoding.ASCII.GetBytes(crc), (byte)' ', .. text, (byte)'\n'];
    }

    // Null if the line does not match its checksum.
    private Decision? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= CrcChars + 1 || line[CrcChars] != ' ')
            return null;
        var text = line[(CrcChars + 1)..];
        var isSound =
            uint.TryParse(line[..CrcChars], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var crc)
            && crc == Crc32.HashToUInt32(text);
        try
        {
            return isSound ? JsonSerializer.Deserialize(text, DecisionJson.Lines.Decision) : null;
        }
        catch (JsonException)
        {
            throw new ReviewException(
                $"{Path} was written by a newer version of convosynth, which says more in entry {_entries.Count + 1}; use that version"
            );
        }
    }
}
