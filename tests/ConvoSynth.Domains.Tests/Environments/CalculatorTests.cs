namespace ConvoSynth.Domains.Tests.Environments;

/// <summary>Expected texts are the output of Python 3 for <c>round(float(eval(text)), 2)</c>.</summary>
public sealed class CalculatorTests
{
    [Theory]
    [InlineData("3131.1 + 4777.75 + 367.38", "8276.23")]
    [InlineData("135.24 - 153.23", "-17.99")]
    [InlineData("164.28", "164.28")]
    [InlineData("6", "6.0")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("7 // 2", "3.0")]
    [InlineData("-7 // 2", "-4.0")]
    [InlineData("-7.5 // 2", "-4.0")]
    [InlineData("0.3 // 0.1", "2.0")]
    [InlineData("2 ** 3 ** 2", "512.0")]
    [InlineData("-2 ** 2", "-4.0")]
    [InlineData("2 ** -1", "0.5")]
    [InlineData("1 - + - 2", "3.0")]
    [InlineData("2 * (3 + 4) * .5", "7.0")]
    [InlineData("0.125", "0.12")]
    [InlineData("2.675", "2.67")]
    [InlineData("1.005 * 100", "100.5")]
    [InlineData("-0.001", "-0.0")]
    [InlineData("9007199254740993 - 9007199254740992", "1.0")]
    [InlineData("10 ** 15 + 0.125", "1000000000000000.1")]
    [InlineData("1590289205592588.5", "1590289205592588.5")]
    [InlineData("9999999999999999", "1e+16")]
    [InlineData("12345678901234567890", "1.2345678901234567e+19")]
    [InlineData("10.0 ** 308 * 10", "inf")]
    public void A_value_is_what_python_makes_of_it(string expression, string expected) =>
        Calculator.Evaluate(expression).Should().Be(expected);

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("1 +")]
    [InlineData("1 2")]
    [InlineData("1.2.3")]
    [InlineData("007")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("2 * * 3")]
    [InlineData("2(3)")]
    [InlineData("1e5")]
    [InlineData("two")]
    [InlineData("1 / 0")]
    [InlineData("1 // 0.0")]
    [InlineData("0 ** -1")]
    [InlineData("(-8) ** 0.5")]
    [InlineData("10 ** 400")]
    [InlineData("10.0 ** 400")]
    [InlineData("9 ** 9 ** 9")]
    [InlineData("1\n")]
    public void What_python_cannot_evaluate_is_an_error(string expression) =>
        FluentActions.Invoking(() => Calculator.Evaluate(expression)).Should().Throw<ToolError>();

    [Fact]
    public void Deep_nesting_and_great_length_are_errors_and_not_a_crash()
    {
        FluentActions
            .Invoking(() => Calculator.Evaluate(new string('(', 5000) + "1" + new string(')', 4999)))
            .Should()
            .Throw<ToolError>()
            .WithMessage("*deeply*");
        FluentActions.Invoking(() => Calculator.Evaluate(new string('-', 9000) + "1")).Should().Throw<ToolError>().WithMessage("*deeply*");
        FluentActions.Invoking(() => Calculator.Evaluate(new string('1', 20_000))).Should().Throw<ToolError>().WithMessage("*longer*");
    }
}
