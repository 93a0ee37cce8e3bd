namespace ConvoSynth.Domains.Tests.Fields;

public sealed class AmountTests
{
    [Theory]
    [InlineData("The difference is -$9.89.", -9.89, true)]
    [InlineData("The difference is -$9.89.", 9.89, true)]
    [InlineData("You pay $9.89 more.", -9.89, false)]
    [InlineData("You pay $1,009.89.", 1009.89, true)]
    [InlineData("It is due on 2031-03-04.", 4, false)]
    public void An_amount_is_said_with_its_sign(string text, double amount, bool isSaid) =>
        FieldValues.Says(text, "money", amount).Should().Be(isSaid);

    [Fact]
    public void What_is_spelled_is_read_back() => FieldValues.Says(FieldValues.Say("money", -3.14), "money", -3.14).Should().BeTrue();
}
