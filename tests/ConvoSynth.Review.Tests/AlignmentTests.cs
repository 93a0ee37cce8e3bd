using ConvoSynth.Review.Pages;

namespace ConvoSynth.Review.Tests;

public sealed class AlignmentTests
{
    [Theory]
    [InlineData("a1 b1 c1", "a1 b1 c1", "a1=a1 b1=b1 c1=c1")]
    [InlineData("a1 b1 c1", "a1 c1", "a1=a1 b1= c1=c1")]
    [InlineData("a1 c1", "a1 b1 c1", "a1=a1 =b1 c1=c1")]
    [InlineData("a1 b1", "a1 b2", "a1=a1 b1=b2")]
    [InlineData("a1", "a2 a1", "=a2 a1=a1")]
    [InlineData("", "a1", "=a1")]
    [InlineData("a1 b1", "", "a1= b1=")]
    public void Calls_line_up_by_name_and_arguments(string gold, string actual, string expected)
    {
        var aligned = CallAlignment.Of(Calls(gold), Calls(actual));

        string.Join(' ', aligned.Select(a => $"{Text(a.Gold)}={Text(a.Actual)}")).Should().Be(expected);
    }

    private static ShownCall[] Calls(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => new ShownCall(c[..1], c[1..], null))];

    private static string Text(ShownCall? call) => call is null ? "" : call.Name + call.Arguments;
}
