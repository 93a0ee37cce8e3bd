using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core.State;

namespace ConvoSynth.Core.Tests;

public sealed class JsonTests
{
    [Theory]
    [InlineData("25", "25.0")]
    [InlineData("1e2", "100")]
    [InlineData("""{"a":1,"b":[true,null]}""", """{ "b": [true, null], "a": 1.0 }""")]
    [InlineData("\"\\u0041\"", "\"A\"")]
    public void Equal_values_are_equal_however_they_are_written(string one, string other)
    {
        var (a, b) = (Json.Parse(one), Json.Parse(other));

        a.Should().Be(b);
        a.GetHashCode().Should().Be(b.GetHashCode());
        a.ToCanonicalString().Should().Be(b.ToCanonicalString());
    }

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("{}", "[]")]
    [InlineData("null", "false")]
    [InlineData("""{"a":null}""", "{}")]
    public void Other_values_differ(string one, string other)
    {
        Json.Parse(one).Should().NotBe(Json.Parse(other));
        Json.Parse(one).ToCanonicalString().Should().NotBe(Json.Parse(other).ToCanonicalString());
    }

    [Fact]
    public void Text_keeps_the_order_of_keys_and_canonical_text_sorts_them()
    {
        var value = Json.Parse("""{"b":1.0,"a":{"d":"é","c":2}}""");

        value.ToString().Should().Be("""{"b":1.0,"a":{"d":"é","c":2}}""");
        value.ToCanonicalString().Should().Be("""{"a":{"c":2,"d":"é"},"b":1}""");
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("9007199254740993")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{")]
    [InlineData("1 2")]
    public void What_could_be_read_in_two_ways_is_a_fault(string text)
    {
        Json.TryParse(text, out _, out var fault).Should().BeFalse();
        fault!.Message.Should().NotBeNullOrWhiteSpace();
        FluentActions.Invoking(() => Json.Parse(text)).Should().Throw<FormatException>();
    }

    [Fact]
    public void Values_are_read_alike_wherever_their_bytes_are_cut_in_two()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"price":1234.50,"many":-12,"small":1.5e-3,"name":"é\u00e9","list":[true,null,7.0]}""");
        var whole = Json.Parse(bytes);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new Utf8JsonReader(Cut(bytes, cut));
            JsonSerializer.Deserialize<Json>(ref reader)!.ToString().Should().Be(whole.ToString());
        }
    }

    [Fact]
    public void A_change_to_null_survives_a_wire_and_so_does_one_from_nothing()
    {
        var change = new Change { Path = ["t", "1", "f"], After = Json.Null };

        var read = JsonSerializer.Deserialize<Change>(JsonSerializer.Serialize(change))!;

        read.Should().Be(change);
        read.Before.Should().BeNull();
        read.After.Should().Be(Json.Null);
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int at)
    {
        var first = new Segment(bytes.AsMemory(0, at), 0, null);
        var last = new Segment(bytes.AsMemory(at), at, first);
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index, Segment? before)
        {
            (Memory, RunningIndex) = (memory, index);
            if (before is not null)
                before.Next = this;
        }
    }
}
