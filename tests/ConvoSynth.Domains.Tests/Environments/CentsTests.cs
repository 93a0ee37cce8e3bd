using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Domains.Tests.Environments;

public sealed class CentsTests
{
    [Theory]
    [InlineData(0.125, 0.12)]
    [InlineData(0.375, 0.38)]
    [InlineData(2.675, 2.67)]
    [InlineData(1.005, 1.0)]
    [InlineData(-2.675, -2.67)]
    [InlineData(1.115, 1.11)]
    [InlineData(0.285, 0.28)]
    [InlineData(84.89999999999999, 84.9)]
    [InlineData(1e300, 1e300)]
    public void Rounding_decides_on_the_exact_binary_value(double value, double expected) => Cents.Round(value).Should().Be(expected);

    [Fact]
    public void An_amount_of_whole_cents_stays_as_it_is() =>
        Prop.ForAll(Gen.Choose(-100_000_000, 100_000_000).ToArbitrary(), cents => Cents.Round(cents / 100.0).Equals(cents / 100.0))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Rounding_agrees_with_exact_decimal_arithmetic() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(1, 100_000)).ToArbitrary(),
                pair =>
                {
                    var value = pair.Item1 / (double)pair.Item2;
                    var exact = decimal.Parse(
                        value.ToString("F28", CultureInfo.InvariantCulture)[
                            ..Math.Min(29, value.ToString("F28", CultureInfo.InvariantCulture).Length)
                        ],
                        CultureInfo.InvariantCulture
                    );
                    return Cents.Round(value).Equals((double)Math.Round(exact, 2, MidpointRounding.ToEven));
                }
            )
            .QuickCheckThrowOnFailure();
}
