using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace ConvoSynth.Domains;

/// <summary>
/// Arithmetic for a pack's calculator tool. Results equal Python's evaluation of the same text, because Python defines the tools of
/// public benchmarks: whole numbers are exact, <c>/</c> gives a float, and <c>**</c> and <c>//</c> exist.
/// </summary>
public static class Calculator
{
    /// <summary>The maximum length of an expression, in characters.</summary>
    public const int MaxLength = 10_000;

    private const int MaxDepth = 200; // The limit of Python's own tokenizer for nested parentheses.
    private const int MaxBits = 1 << 16;

    /// <summary>The value rounded to two decimals, written as a Python float: <c>41.92</c>, <c>3.0</c>, <c>1e+16</c>.</summary>
    /// <exception cref="ToolError">The text is no expression of numbers, <c>+ - * /</c>, parentheses and blanks, or has no real
    /// value.</exception>
    public static string Evaluate(string expression)
    {
        if (expression.Length > MaxLength)
            throw new ToolError($"the expression is longer than {MaxLength} characters");
        var reader = new Reader(expression);
        var value = reader.Sum();
        reader.End();
        return Spelled(Cents.Round(value.ToFloat()));
    }

    private static string Spelled(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) < 1e16)
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        if (text.Contains('E', StringComparison.Ordinal))
            return text.Replace("E+", "e+", StringComparison.Ordinal);
        // Python switches to exponents at 16 digits before the point, .NET slightly later.
        var first = value < 0 ? 2 : 1;
        var rest = text[first..].TrimEnd('0');
        return $"{text[..first]}{(rest.Length > 0 ? "." : "")}{rest}e+{text.Length - first:00}";
    }

    /// <summary>A whole number of any size, or a float.</summary>
    private readonly record struct Value(BigInteger Whole, double Float, bool IsWhole)
    {
        private const double Exact = 9007199254740992d; // 2^53

        public static Value Of(BigInteger whole) =>
            whole.GetBitLength() <= MaxBits ? new(whole, 0, true) : throw new ToolError("the number is too large");

        public static Value Of(double value) => new(default, value, false);

        public bool IsZero => IsWhole ? Whole.IsZero : Float.Equals(0d);

        public double ToFloat()
        {
            if (!IsWhole)
                return Float;
            if (BigInteger.Abs(Whole) <= (BigInteger)Exact)
                return (double)Whole;
            // BigInteger's conversion truncates; parsing rounds to nearest.
            var value = double.Parse(Whole.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return double.IsFinite(value) ? value : throw new ToolError("the number is too large");
        }

        public static Value operator -(Value a) => a.IsWhole ? Of(-a.Whole) : Of(-a.Float);

        public static Value operator +(Value a, Value b) => a.IsWhole && b.IsWhole ? Of(a.Whole + b.Whole) : Of(a.ToFloat() + b.ToFloat());

        public static Value operator -(Value a, Value b) => a.IsWhole && b.IsWhole ? Of(a.Whole - b.Whole) : Of(a.ToFloat() - b.ToFloat());

        public static Value operator *(Value a, Value b) => a.IsWhole && b.IsWhole ? Of(a.Whole * b.Whole) : Of(a.ToFloat() * b.ToFloat());

        public static Value operator /(Value a, Value b) =>
            b.IsZero ? throw new ToolError("division by zero") : Of(a.ToFloat() / b.ToFloat());

        public static Value Floor(Value a, Value b)
        {
            if (b.IsZero)
                throw new ToolError("division by zero");
            if (!a.IsWhole || !b.IsWhole)
                return Of(FloorOf(a.ToFloat(), b.ToFloat()));
            var quotient = BigInteger.DivRem(a.Whole, b.Whole, out var rest);
            return Of(!rest.IsZero && (rest.Sign < 0) != (b.Whole.Sign < 0) ? quotient - 1 : quotient);
        }

        // Goes through the remainder, which is exact. The quotient alone may round up to a whole number that the true quotient does not
        // reach.
        private static double FloorOf(double a, double b)
        {
            var rest = a % b;
            var quotient = (a - rest) / b;
            if (!rest.Equals(0d) && (b < 0) != (rest < 0))
                quotient--;
            if (quotient.Equals(0d))
                return Math.CopySign(0, a / b);
            var floor = Math.Floor(quotient);
            return quotient - floor > 0.5 ? floor + 1 : floor;
        }

        public static Value Power(Value a, Value b)
        {
            if (a.IsWhole && b.IsWhole && b.Whole.Sign >= 0)
            {
                if (a.Whole.IsZero || a.Whole.IsOne)
                    return b.Whole.IsZero ? Of(BigInteger.One) : a;
                if (a.Whole == BigInteger.MinusOne)
                    return b.Whole.IsEven ? Of(BigInteger.One) : a;
                if (b.Whole > MaxBits || a.Whole.GetBitLength() * (long)b.Whole > MaxBits)
                    throw new ToolError("the number is too large");
                return Of(BigInteger.Pow(a.Whole, (int)b.Whole));
            }

            var (x, y) = (a.ToFloat(), b.ToFloat());
            if (x.Equals(0d) && y < 0)
                throw new ToolError("zero cannot be raised to a negative power");
            if (x < 0 && double.IsFinite(x) && double.IsFinite(y) && !Math.Floor(y).Equals(y))
                throw new ToolError("the result is not a real number");
            var result = Math.Pow(x, y);
            return double.IsFinite(result) || !double.IsFinite(x) || !double.IsFinite(y)
                ? Of(result)
                : throw new ToolError("the number is too large");
        }
    }

    /// <summary>Recursive descent; each method reads one level of precedence.</summary>
    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private static readonly SearchValues<char> NumberSigns = SearchValues.Create("0123456789.");

        private ReadOnlySpan<char> _rest = text;
        private int _depth;

        public Value Sum()
        {
            var value = Product();
            while (true)
            {
                if (Takes("+"))
                    value += Product();
                else if (Takes("-"))
                    value -= Product();
                else
                    return value;
            }
        }

        public void End()
        {
            if (Next() != '\0')
                throw Wrong();
        }

        private Value Product()
        {
            var value = Signed();
            while (true)
            {
                if (Takes("//"))
                    value = Value.Floor(value, Signed());
                else if (Takes("/"))
                    value /= Signed();
                else if (Next() == '*' && !_rest.StartsWith("**") && Takes("*"))
                    value *= Signed();
                else
                    return value;
            }
        }

        private Value Signed()
        {
            if (++_depth > MaxDepth)
                throw new ToolError("the expression nests too deeply");
            var value =
                Takes("-") ? -Signed()
                : Takes("+") ? Signed()
                : Power();
            _depth--;
            return value;
        }

        // Binds tighter than a sign before it, looser than one after it: -2 ** -2 is -(2 ** (-2)).
        private Value Power()
        {
            var value = Atom();
            return Takes("**") ? Value.Power(value, Signed()) : value;
        }

        private Value Atom()
        {
            if (!Takes("("))
                return Number();
            var value = Sum();
            return Takes(")") ? value : throw Wrong();
        }

        private Value Number()
        {
            Next();
            var length = _rest.IndexOfAnyExcept(NumberSigns);
            var token = length < 0 ? _rest : _rest[..length];
            if (token.IsEmpty || !token.ContainsAnyInRange('0', '9'))
                throw Wrong();
            _rest = _rest[token.Length..];
            if (token.Contains('.'))
                return token.Count('.') == 1
                    ? Value.Of(double.Parse(token, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture))
                    : throw Wrong();
            if (token[0] == '0' && token.ContainsAnyExcept('0'))
                throw new ToolError("a whole number may not begin with 0");
            return Value.Of(BigInteger.Parse(token, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        private bool Takes(string token)
        {
            Next();
            if (!_rest.StartsWith(token))
                return false;
            _rest = _rest[token.Length..];
            return true;
        }

        private char Next()
        {
            _rest = _rest.TrimStart(' ');
            return _rest.IsEmpty ? '\0' : _rest[0];
        }

        private readonly ToolError Wrong() =>
            new(_rest.IsEmpty ? "the expression ends too early" : $"the expression is wrong at '{_rest}'");
    }
}
