using ConvoSynth.Shards.Parquet;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Shards.Tests.Parquet;

public class RoundTripTests
{
    [Fact]
    public void Rows_of_any_schema_come_back_as_they_were()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomFiles(seed);
            var schema = random.Schema();
            var rows = random.Rows(schema);
            var back = Files.Read(Files.Write(schema, rows, random.Options()));
            return back.Select(row => Files.Show(row)).SequenceEqual(rows.Select(row => Files.Show(row)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(1_000_000));
    }

    [Fact]
    public void The_schema_comes_back_as_it_was()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var schema = new RandomFiles(seed).Schema();
            using var file = Files.Open(Files.Write(schema, []));
            return Describe(file.Schema) == Describe(schema);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            byte[] Once()
            {
                var random = new RandomFiles(seed);
                var schema = random.Schema();
                return Files.Write(schema, random.Rows(schema), random.Options());
            }

            return Once().AsSpan().SequenceEqual(Once());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_file_without_rows_can_be_read()
    {
        using var file = Files.Open(Files.Write(new ParquetSchema(PrimitiveField.Text("id")), []));
        file.Rows.Should().Be(0);
        file.RowGroups.Should().BeEmpty();
    }

    [Fact]
    public void Metadata_keeps_its_order()
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, new ParquetSchema(PrimitiveField.Text("id")));
        writer.AddMetadata("b", "1");
        writer.AddMetadata("a", "2");
        writer.Finish();
        using var file = Files.Open(stream.ToArray());
        file.Metadata.Should().Equal(new KeyValuePair<string, string>("b", "1"), new KeyValuePair<string, string>("a", "2"));
    }

    private static string Describe(ParquetSchema schema) => string.Join(",", schema.Fields.Select(Describe));

    private static string Describe(ParquetField field) => field switch
    {
        PrimitiveField p => $"{p.Name}:{p.Type}:{p.Annotation}:{p.Optional}",
        GroupField g => $"{g.Name}:{g.Optional}({string.Join(",", g.Fields.Select(Describe))})",
        ListField l => $"{l.Name}:{l.Optional}[{Describe(l.Element)}]",
        _ => throw new InvalidOperationException(),
    };
}
