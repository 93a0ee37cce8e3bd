using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using Parquet;

namespace ConvoSynth.Runs.Rows;

/// <summary>Shards as Parquet files, by Parquet.Net.</summary>
public sealed class ParquetShards : IShardFormat
{
    private readonly ParquetShardOptions _options;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ParquetShards(ParquetShardOptions? options = null)
    {
        _options = options ?? new ParquetShardOptions();
        _options.Validate();
    }

    /// <summary>The version of the Parquet.Net package; the assembly version is an earlier one.</summary>
    public static string PackageVersion { get; } =
        typeof(ParquetWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public string Extension => ".parquet";

    public IShardWriter Begin(Stream output) => new ParquetShardWriter(output, _options);
}

/// <summary>Collects a row group, writes it, and begins the next. The rows alone decide where a group ends.</summary>
internal sealed class ParquetShardWriter : IShardWriter
{
    private readonly ShardStream _output;
    private readonly ParquetShardOptions _options;
    private readonly ParquetWriter _parquet;
    private readonly Utf8Arena _arena = new();
    private readonly ColumnWriter[] _columns;
    private long _groupBytes;
    private bool _finished;

    public ParquetShardWriter(Stream output, ParquetShardOptions options)
    {
        _options = options;
        _output = new ShardStream(output, ShardFields.Empty);
        _columns = [.. ShardSchema.Table.Select((column, i) => column.Writer(ShardFields.Fields[i], _arena))];
        _parquet = Synchronous.End(ParquetWriter.CreateAsync(ShardFields.Schema, _output, Options(options), append: true));
        var version = ShardSchema.Version.ToString(CultureInfo.InvariantCulture);
        _parquet.CustomMetadata = new Dictionary<string, string> { [ShardSchema.VersionKey] = version };
    }

    public long Rows { get; private set; }

    public long RawBytes { get; private set; }

    public void Append(ShardRow row)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        if (row.Problem() is { } problem)
            throw new ShardException(ShardError.BadRow, problem);
        var bytes = 0L;
        foreach (var column in _columns)
            bytes += column.Append(row);
        RawBytes += bytes;
        _groupBytes += bytes;
        Rows++;
        if (_groupBytes >= _options.RowGroupBytes)
            EndGroup();
    }

    public ShardDigest Finish()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        if (_groupBytes > 0)
            EndGroup();
        _finished = true;
        // Disposing writes the footer.
        Synchronous.End(_parquet.DisposeAsync());
        return new(Rows, _output.Length, _output.Hash());
    }

    /// <summary>Leaves the file incomplete: without <see cref="Finish"/> it has no footer and is no shard.</summary>
    public void Dispose()
    {
        _finished = true;
        _output.Dispose();
    }

    private void EndGroup()
    {
        using (var group = _parquet.CreateRowGroup())
        {
            foreach (var column in _columns)
                column.Write(group);
            group.CompleteValidate();
        }

        _arena.Clear();
        _groupBytes = 0;
    }

    // Parquet.Net's default level, 19, makes the smallest files and takes many times as long. Its page pools are shared by the process.
    internal static ParquetOptions Options(ParquetShardOptions options) =>
        new()
        {
            CompressionMethod = options.Compression == ShardCompression.None ? CompressionMethod.None : CompressionMethod.Zstd,
            CompressionLevel = CompressionLevel.Optimal,
            MaximumSmallPoolFreeBytes = 4 << 20,
            MaximumLargePoolFreeBytes = 16 << 20,
        };
}
