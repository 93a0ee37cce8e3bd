using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Domains.Tests.Fields;

public sealed class WordsTests
{
    [Theory]
    [InlineData("Nice.  You're Eligible, for it", "you're eligible for", true)]
    [InlineData("Nice. You’re eligible", "youre eligible", true)]
    [InlineData("an ineligible one", "eligible", false)]
    [InlineData("to be eligibly", "eligible", false)]
    [InlineData("not eligible", "eligible", true)]
    [InlineData("a' b", "a b", true)]
    [InlineData("ab", "a b", false)]
    [InlineData("a", "a b", false)]
    [InlineData("anything", "?!", false)]
    public void A_phrase_stands_in_a_row_of_words(string text, string phrase, bool expected) =>
        FieldValues.ContainsWords(text, phrase).Should().Be(expected);

    // The reference definition of consecutive words: both texts reduced to words separated by one blank, one contained in the other.
    [Fact]
    public void Looking_in_place_finds_what_comparing_copies_finds()
    {
        var texts = Gen.Elements('a', 'B', 'b', ' ', '\'', '’', '.', '1').ArrayOf().Select(c => new string(c));
        Prop.ForAll(
                texts.Zip(texts.Select(t => t.Length > 4 ? t[..4] : t)).ToArbitrary(),
                pair =>
                {
                    var (text, phrase) = pair;
                    var wanted = Reduced(phrase);
                    return FieldValues.ContainsWords(text, phrase)
                        == (wanted.Length > 0 && $" {Reduced(text)} ".Contains($" {wanted} ", StringComparison.Ordinal));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static string Reduced(string text)
    {
        var words = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                words.Append(char.ToLowerInvariant(c));
            else if (c is not ('\'' or '’') && words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        }

        return words.ToString().TrimEnd();
    }
}
