namespace ConvoSynth.Domains.Tests.Fields;

public class TokenTests
{
    [Theory]
    [InlineData("my card is l12.", "L12", true)]
    [InlineData("my card is L123", "L12", false)]
    [InlineData("XL12 and L12", "l12", true)]
    [InlineData("#W95 is late", "#w95", true)]
    [InlineData("L12", "L12", true)]
    [InlineData("L1", "L12", false)]
    [InlineData("ÉCOLE", "école", true)]
    [InlineData("anything", "", false)]
    public void A_token_stands_by_itself_in_either_case(string text, string token, bool expected) =>
        FieldValues.ContainsToken(text, token).Should().Be(expected);

    // The search looks for the first letter in two cases only, so no other character may equal an ASCII letter ignoring case.
    [Fact]
    public void Only_its_two_cases_equal_an_ASCII_letter()
    {
        var wrong = Enumerable
            .Range('a', 26)
            .SelectMany(letter =>
                Enumerable
                    .Range(0, char.MaxValue + 1)
                    .Where(c =>
                        ((char)c).ToString().Equals(((char)letter).ToString(), StringComparison.OrdinalIgnoreCase)
                        != (c == letter || c == letter - 'a' + 'A')
                    )
            );
        wrong.Should().BeEmpty();
    }
}
