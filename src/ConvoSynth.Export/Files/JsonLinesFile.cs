using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace ConvoSynth.Export.Files;

/// <summary>One file of JSON lines.</summary>
internal sealed class JsonLinesFile<T> : IRecordFiles<T>
{
    private readonly string _name;
    private readonly FileStream _file;
    private readonly Action<Utf8JsonWriter, T> _write;
    private readonly ArrayBufferWriter<byte> _line = new(1 << 16);
    private readonly Utf8JsonWriter _json;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _rows;

    public JsonLinesFile(OutputFolder output, string name, Action<Utf8JsonWriter, T> write)
    {
        (_name, _write) = (name, write);
        _json = new(_line, JsonText.Options);
        _file = output.Create(name);
    }

    public void Write(T record)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _write(_json, record);
        _json.Flush();
        _line.Write("\n"u8);
        _file.Write(_line.WrittenSpan);
        _hash.AppendData(_line.WrittenSpan);
        _rows++;
    }

    public IReadOnlyList<WrittenFile> Finish()
    {
        _file.Flush(flushToDisk: true);
        return [new(_name, _rows, _file.Length, Convert.ToHexStringLower(_hash.GetCurrentHash()))];
    }

    public void Dispose()
    {
        _json.Dispose();
        _hash.Dispose();
        _file.Dispose();
    }
}
