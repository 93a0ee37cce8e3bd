using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Databases;

public sealed class ParameterTextTests
{
    [Theory]
    [InlineData("{{n}}", 5, "5")]
    [InlineData("{{n:0.00}}", 5, "5.00")]
    [InlineData("{{n:word}}", 5, "five")]
    [InlineData("{{n:word}}", 45, "forty-five")]
    [InlineData("{{n:word}}", 60, "sixty")]
    [InlineData("{{n:word}}", 120, "120")]
    [InlineData("{{n:word}}", 2.5, "2.5")]
    [InlineData("{{n:times}}", 1, "once")]
    [InlineData("{{n:times}}", 2, "twice")]
    [InlineData("{{n:times}}", 3, "three times")]
    [InlineData("{{n|day}}", 1, "1 day")]
    [InlineData("{{n|day}}", 14, "14 days")]
    [InlineData("{{n:word|room booking}}", 2, "two room bookings")]
    public void A_number_is_spelled_as_its_slot_asks(string text, double value, string spelled) =>
        ParameterText.Fill($"a {text} b", Of(("n", value))).Should().Be($"a {spelled} b");

    [Fact]
    public void A_text_stands_as_it_is_and_other_braces_stay() =>
        ParameterText
            .Fill("{loan} within {{lately}}, {{other}}", Of(("lately", "the last day")))
            .Should()
            .Be("{loan} within the last day, {{other}}");

    private static PackParameters Of(params (string Name, Json Value)[] values) =>
        new([.. values.Select(v => KeyValuePair.Create(v.Name, v.Value))]);
}
