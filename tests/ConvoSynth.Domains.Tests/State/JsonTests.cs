using ConvoSynth.Core;
using FsCheck.Xunit;

namespace ConvoSynth.Domains.Tests.State;

[Properties(Arbitrary = [typeof(JsonValues)])]
public sealed class JsonTests
{
    [Property]
    public bool What_is_printed_reads_back_as_the_same_value(Json value) =>
        Json.Parse(value.ToString()) == value && Json.Parse(value.ToCanonicalString()) == value;

    [Property]
    public bool Printing_is_stable(Json value) => Json.Parse(value.ToString()).ToString() == value.ToString();

    [Property]
    public bool Equal_values_have_one_canonical_text_and_one_hash_and_others_do_not(JsonMap a, JsonMap b)
    {
        var reversed = JsonMap.Create(a.Keys.Zip(a.Values, KeyValuePair.Create).Reverse());
        return reversed.ToCanonicalString() == a.ToCanonicalString()
            && reversed == a
            && reversed.GetHashCode() == a.GetHashCode()
            && (a == b) == (a.ToCanonicalString() == b.ToCanonicalString());
    }

    [Fact]
    public void Numbers_are_equal_by_value_and_keep_how_they_were_written()
    {
        Json.Parse("25").Should().Be(Json.Parse("25.0"));
        Json.Parse("25.0").ToString().Should().Be("25.0");
        Json.Parse("25.0").ToCanonicalString().Should().Be("25");
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "duplicate-key")]
    [InlineData("""{"a":{"b":[{"c":1,"c":2}]}}""", "duplicate-key")]
    [InlineData("""{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"c":2}""", "duplicate-key")]
    [InlineData("""{"a":1,"\u0061":2}""", "duplicate-key")]
    [InlineData("""["\ud800"]""", "lone-surrogate")]
    [InlineData("""["\udc00\ud800"]""", "lone-surrogate")]
    [InlineData("9007199254740993", "number-range")]
    [InlineData("-9007199254740993", "number-range")]
    [InlineData("1e400", "number-range")]
    [InlineData("", "syntax")]
    [InlineData("{", "syntax")]
    [InlineData("[1,]", "syntax")]
    [InlineData("01", "syntax")]
    [InlineData("1 2", "syntax")]
    [InlineData("{'a':1}", "syntax")]
    public void Text_that_two_parsers_could_read_differently_is_refused(string text, string kind)
    {
        Json.TryParse(text, out var value, out var fault).Should().BeFalse();
        fault!.Kind.Should().Be(kind);
        value.IsNull.Should().BeTrue();
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_text_itself_is_refused()
    {
        Json.TryParse("[\"x\uD83D\"]", out _, out var fault).Should().BeFalse();
        fault!.Kind.Should().Be("lone-surrogate");
    }

    [Fact]
    public void Nesting_beyond_sixty_four_levels_is_refused()
    {
        Json.TryParse(new string('[', 64) + new string(']', 64), out _, out _).Should().BeTrue();
        Json.TryParse(new string('[', 65) + new string(']', 65), out _, out var fault).Should().BeFalse();
        fault!.Kind.Should().Be("syntax");
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("1e22")]
    [InlineData("\"😀\"")]
    [InlineData("\"\\ud83d\\ude00\"")]
    public void Text_at_the_border_is_read(string text) => Json.TryParse(text, out _, out _).Should().BeTrue();
}
