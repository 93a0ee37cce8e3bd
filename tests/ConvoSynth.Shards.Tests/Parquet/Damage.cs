using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>Damages files, and reads them as far as they go.</summary>
internal static class Damage
{
    // A file may truly claim a great many rows of nulls in a few bytes; nobody waits for them here.
    private const int RowLimit = 100_000;

    /// <summary>Whether the file still reads. Where it does not, the error must name it and be of the one kind that callers know.</summary>
    public static bool Survives(byte[] bytes)
    {
        try
        {
            using var file = Files.Open(bytes);
            var left = RowLimit;
            for (var group = 0; group < file.RowGroups.Count; group++)
            {
                var cursor = file.ReadRows(group);
                while (cursor.NextRow() && left-- > 0)
                    for (var i = 0; i < file.Schema.Fields.Count; i++)
                        cursor.Value(i);
            }

            return true;
        }
        catch (ShardException e)
        {
            e.Message.Should().StartWith("'test.parquet' ");
            return false;
        }
    }

    public static byte[] Do(byte[] bytes, Random random)
    {
        // Half of the damage goes to the footer, which is where the numbers are that a reader believes.
        var footer = BitConverter.ToInt32(bytes, bytes.Length - 8) + 8;
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(2) == 0 ? bytes.Length - 1 - random.Next(footer) : random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(9, bytes.Length - at)).Fill(0xFF);
                    break;
                default:
                    var length = random.Next(1, 20);
                    var source = random.Next(Math.Max(1, bytes.Length - length));
                    bytes.AsSpan(source, Math.Min(length, bytes.Length - Math.Max(source, at))).ToArray().CopyTo(bytes, at);
                    break;
            }
        }

        return bytes;
    }
}
