using System.Security.Cryptography;
using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Rows;

/// <summary>Shards as Parquet files, by the writer of this project.</summary>
public sealed class ParquetShards(ParquetWriterOptions? options = null) : IShardFormat
{
    public string Extension => ".parquet";

    public IShardWriter Begin(Stream output) => new ParquetShardWriter(output, options ?? new ParquetWriterOptions());
}

internal sealed class ParquetShardWriter : IShardWriter
{
    private readonly HashingStream _output;
    private readonly ParquetWriter _writer;
    private int _column;

    public ParquetShardWriter(Stream output, ParquetWriterOptions options)
    {
        _output = new HashingStream(output);
        _writer = new ParquetWriter(_output, ShardSchema.Parquet, options);
        _writer.AddMetadata("convosynth.schema_version", ShardSchema.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public long Rows => _writer.Rows;

    public long RawBytes => _writer.RawBytes;

    // In the order of ShardSchema.
    public void Append(ShardRow row)
    {
        _column = 0;
        Text(row.Id);
        Int32(row.SchemaVersion);
        Text(row.RunId);
        Text(row.Domain);
        Int64(row.Index);
        Int32(row.Attempt);
        Text(row.FamilyId);
        Text(row.Intent);
        Text(row.Slice);
        Text(row.Shape);
        Text(row.Tier);
        Text(row.Status);
        Text(row.Instruction);
        JsonList(row.Messages);
        JsonList(row.MessageMeta);
        Json(row.Tools);
        Json(row.Blueprint);
        Json(row.AcceptedEndStates);
        Json(row.StateDiff);
        JsonList(row.Verdicts);
        TextList(row.RejectReasons);
        Json(row.Usage);
        Json(row.Models);
        Text(row.Seed);
        Text(row.PackHash);
        Text(row.ChecksVersion);
        Json(row.PromptHashes);
        TextList(row.BenchmarkAdjacent);
        Text(row.LabelSource);
        Text(row.PlantedFault);
        Int32(row.MessageCount);
        Int32(row.ToolCallCount);
        _writer.EndRow();
    }

    public ShardDigest Finish() => new(_writer.Rows, _writer.Finish(), _output.Hash());

    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }

    private void Int32(int value) => ((ValueColumn)_writer[_column++]).Add(value);

    private void Int64(long value) => ((ValueColumn)_writer[_column++]).Add(value);

    private void Text(string? value)
    {
        var column = (ValueColumn)_writer[_column++];
        if (value is null)
            column.Null();
        else
            column.Add(value);
    }

    private void Json(ReadOnlyMemory<byte> cell)
    {
        var column = (ValueColumn)_writer[_column++];
        if (cell.IsEmpty)
            column.Null();
        else
            column.Add(cell.Span);
    }

    private void JsonList(IReadOnlyList<ReadOnlyMemory<byte>> cells)
    {
        var list = (ListColumn)_writer[_column++];
        var element = (ValueColumn)list.Element;
        list.Begin();
        for (var i = 0; i < cells.Count; i++)
            element.Add(cells[i].Span);
        list.End();
    }

    private void TextList(IReadOnlyList<string> texts)
    {
        var list = (ListColumn)_writer[_column++];
        var element = (ValueColumn)list.Element;
        list.Begin();
        for (var i = 0; i < texts.Count; i++)
            element.Add(texts[i]);
        list.End();
    }

    /// <summary>Hashes what passes through, so that a shard is never read again to know its digest.</summary>
    private sealed class HashingStream(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            _hash.AppendData(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
