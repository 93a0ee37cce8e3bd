using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

public class LevelTests
{
    private static readonly PrimitiveField Number = new("element", PhysicalType.Int32, Annotation.None, Optional: true);

    [Fact]
    public void Null_empty_and_missing_lists_have_levels_of_their_own()
    {
        var schema = new ParquetSchema(new ListField("l", Number, Optional: true));
        Levels(schema, [null], [new List<object?>()], [new List<object?> { null }], [new List<object?> { 1, null, 2 }])
            .Should().Equal((0, 0), (0, 1), (0, 2), (0, 3), (1, 2), (1, 3));
    }

    [Fact]
    public void A_required_list_of_required_elements_spends_one_level_only_on_being_empty()
    {
        var schema = new ParquetSchema(new ListField("l", Number with { Optional = false }));
        Levels(schema, [new List<object?>()], [new List<object?> { 7, 8 }]).Should().Equal((0, 0), (0, 1), (1, 1));
    }

    [Fact]
    public void A_null_struct_and_a_struct_of_nulls_have_levels_of_their_own()
    {
        var schema = new ParquetSchema(new GroupField("g", [Number with { Name = "a" }], Optional: true));
        Levels(schema, [null], [new object?[] { null }], [new object?[] { 5 }]).Should().Equal((0, 0), (0, 1), (0, 2));
    }

    [Fact]
    public void Lists_in_lists_repeat_at_the_level_of_the_list_that_goes_on()
    {
        var schema = new ParquetSchema(new ListField("l", new ListField("element", Number, Optional: true)));
        List<object?> row = [new List<object?> { 1, 2 }, null, new List<object?>(), new List<object?> { 3 }];
        Levels(schema, [row], [new List<object?> { new List<object?> { 4 } }])
            .Should().Equal((0, 4), (2, 4), (1, 1), (1, 2), (1, 4), (0, 4));
    }

    [Fact]
    public void A_column_that_is_left_out_of_a_row_is_named()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id"), PrimitiveField.Text("other")));
        writer.Value("id").Add("x");
        writer.Invoking(w => w.EndRow()).Should().Throw<InvalidOperationException>().WithMessage("Column 'other' got 0 values*");
    }

    [Fact]
    public void A_column_that_is_given_two_values_in_a_row_is_named()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id")));
        writer.Value("id").Add("x");
        writer.Value("id").Add("y");
        writer.Invoking(w => w.EndRow()).Should().Throw<InvalidOperationException>().WithMessage("Column 'id' got 2 values*");
    }

    [Fact]
    public void A_null_in_a_required_column_is_refused()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id")));
        writer.Invoking(w => w["id"].Null()).Should().Throw<InvalidOperationException>().WithMessage("Column 'id' is required*");
    }

    [Fact]
    public void Sibling_columns_of_a_list_must_have_as_many_elements()
    {
        var schema = new ParquetSchema(new ListField("l", new GroupField("element", [PrimitiveField.Int32("a"), PrimitiveField.Int32("b")])));
        using var writer = new ParquetWriter(new MemoryStream(), schema);
        var list = writer.List("l");
        var element = (GroupColumn)list.Element;
        list.Begin();
        ((ValueColumn)element["a"]).Add(1);
        ((ValueColumn)element["b"]).Add(1);
        ((ValueColumn)element["a"]).Add(2);
        list.Invoking(l => l.End()).Should().Throw<InvalidOperationException>().WithMessage("*'l.list.element.b' has 1 elements where its sibling has 2*");
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id")));
        writer.Invoking(w => w.Value("id").Add(5)).Should().Throw<InvalidOperationException>().WithMessage("Column 'id' holds ByteArray*");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id")));
        foreach (var text in new[] { "\uD83D", "a\uDE00b" })
            writer.Invoking(w => w.Value("id").Add(text)).Should().Throw<ShardException>().Where(e => e.Fault == ShardFault.BadRow);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_in_a_text_column()
    {
        using var writer = new ParquetWriter(new MemoryStream(), new ParquetSchema(PrimitiveField.Text("id")));
        writer.Invoking(w => w.Value("id").Add([0xC3, 0x28])).Should().Throw<ShardException>().WithMessage("column 'id'*not UTF-8*");
    }

    private static List<(int Repetition, int Definition)> Levels(ParquetSchema schema, params object?[][] rows)
    {
        var bytes = Files.Write(schema, rows, new ParquetWriterOptions { Codec = Codec.Uncompressed });
        using var stream = new MemoryStream(bytes);
        var length = BitConverter.ToInt32(bytes, bytes.Length - 8);
        var metadata = FooterReader.Read(bytes.AsSpan(bytes.Length - 8 - length, length), bytes.Length - 8 - length);
        var cursor = new ColumnCursor(stream, metadata.Schema.Leaves[0], metadata.Groups[0].Chunks[0]);
        var levels = new List<(int, int)>();
        for (; !cursor.AtEnd; cursor.Next())
            levels.Add((cursor.Repetition, cursor.Definition));
        return levels;
    }
}
