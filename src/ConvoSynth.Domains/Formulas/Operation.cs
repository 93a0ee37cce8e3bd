using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Formulas;

public sealed record Operation(string Operator, Formula Left, Formula Right) : Formula
{
    private const double Dust = 1e-9;

    public override bool Computes => Operator is "+" or "-" or "*" or "/";

    public override Json Evaluate(FormulaScope scope)
    {
        if (Operator == "and")
            return Left.Holds(scope) && Right.Holds(scope);
        if (Operator == "or")
            return Left.Holds(scope) || Right.Holds(scope);
        var left = Left.Evaluate(scope);
        var right = Right.Evaluate(scope);
        if (Operator == "=")
            return left == right;
        if (Operator == "!=")
            return left != right;
        if (left.Number is { } a && right.Number is { } b)
        {
            return Operator switch
            {
                "<" => a < b,
                "<=" => a <= b,
                ">" => a > b,
                ">=" => a >= b,
                "+" => Rounded(a + b, Places(a, b)),
                "-" => Rounded(a - b, Places(a, b)),
                "*" => Rounded(a * b, Places(a, b)),
                _ => Rounded(a / b, Places(a, b)),
            };
        }

        var order = string.CompareOrdinal(left.Text ?? "", right.Text ?? "");
        return Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => Json.Null,
        };
    }

    public override string TypeIn(DomainSpec domain, IReadOnlyDictionary<string, EntitySpec> slots)
    {
        if (!Computes)
            return "flag";
        var left = Left.TypeIn(domain, slots);
        var right = Right.TypeIn(domain, slots);
        return left == "money" || right == "money" ? "money"
            : left == "decimal" || right == "decimal" ? "decimal"
            : left;
    }

    public override string? Working(FormulaScope scope)
    {
        if (!Computes || Left.Working(scope) is not { } left || Right.Working(scope) is not { } right)
            return null;
        // People leave out the factor in "1 * 307" and the term in "123 + 50 * 0".
        if (Operator == "*" && (left == "0" || right == "0"))
            return "0";
        if (Operator == "*" && left == "1")
            return Bracketed(Right, right, isRight: true);
        if (Operator == "*" && right == "1")
            return Bracketed(Left, left, isRight: false);
        if (Operator == "+" && left == "0")
            return right;
        if (Operator is "+" or "-" && right == "0")
            return left;
        return $"{Bracketed(Left, left, isRight: false)} {Operator} {Bracketed(Right, right, isRight: true)}";
    }

    private string Bracketed(Formula part, string working, bool isRight)
    {
        var isSum = part is Operation { Operator: "+" or "-" } or Aggregate { Function: "sum" };
        if (!working.Contains(' ', StringComparison.Ordinal))
            return working;
        var needed = Operator is "*" or "/" ? isSum || (isRight && part is Operation) : isRight && Operator == "-" && isSum;
        return needed ? $"({working})" : working;
    }

    // Answers are stated to the cent, finer decimals to a millionth; binary rounding noise must not make two right answers differ.
    internal static Json Rounded(double value, int places) =>
        Math.Round(value, places) is var rounded && Math.Floor(rounded).Equals(rounded) ? (long)rounded : rounded;

    internal static int Places(params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (Math.Abs(value - Math.Round(value, 2)) > Dust)
                return 6;
        }

        return 2;
    }
}
