using System.Globalization;

namespace ConvoSynth.Domains;

/// <summary>Amounts of money in double, rounded as exact arithmetic would round them.</summary>
public static class Cents
{
    // Below this, hundredths of a double still fit the 53 bits that hold whole numbers exactly.
    private const double Scalable = 4503599627370496d / 100;

    /// <summary>
    /// The double nearest to the value with two decimals. The decision is made on the exact binary value, and an exact tie goes to the even
    /// cent, as Python's <c>round(x, 2)</c> does: 2.675, which is a little less than it looks, gives 2.67. (<see cref="Math.Round(double, int)"/>
    /// scales first and so sees ties where there are none.)
    /// </summary>
    public static double Round(double value)
    {
        if (!double.IsFinite(value))
            return value;
        if (Math.Abs(value) >= Scalable)
            return RoundLarge(value);
        var scaled = value * 100;
        var lost = Math.FusedMultiplyAdd(value, 100, -scaled); // value * 100 is exactly scaled + lost.
        var whole = Math.Round(scaled, MidpointRounding.ToEven);
        var rest = scaled - whole;
        if (rest.Equals(0.5) && lost > 0)
            whole++;
        else if (rest.Equals(-0.5) && lost < 0)
            whole--;
        return whole / 100;
    }

    private static double RoundLarge(double value)
    {
        var whole = Math.Truncate(value);
        var hundredths = Math.Round((value - whole) * 100, MidpointRounding.ToEven); // Exact: so large a double has few binary places left.
        if (hundredths.Equals(0d))
            return whole;
        // By way of long: converting a double to decimal keeps 15 digits only.
        return double.Parse(((long)whole + ((long)hundredths / 100m)).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
