using System.Globalization;

namespace ConvoSynth.Domains;

/// <summary>Amounts of money in double, rounded as exact arithmetic would round them.</summary>
public static class Cents
{
    // Below this, a double times 100 still fits the 53 bits that hold whole numbers exactly.
    private const double Scalable = 4503599627370496d / 100;

    /// <summary>
    /// Rounds to two decimals by the exact binary value; an exact tie goes to the even cent, as in Python's <c>round(x, 2)</c>.
    /// 2.675 is stored slightly below its decimal value and gives 2.67. <see cref="Math.Round(double, int)"/> scales first and so sees
    /// false ties.
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
        // Exact: so large a double has few fraction bits left.
        var hundredths = Math.Round((value - whole) * 100, MidpointRounding.ToEven);
        if (hundredths.Equals(0d))
            return whole;
        // Goes through long, because a conversion from double to decimal keeps only 15 digits.
        return double.Parse(((long)whole + ((long)hundredths / 100m)).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
