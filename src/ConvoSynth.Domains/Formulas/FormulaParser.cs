using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Domains.Formulas;

/// <summary>Parses the formulas of <c>intents.yaml</c>.</summary>
internal sealed partial class FormulaParser
{
    private static readonly string[] Aggregates = ["min", "max", "sum", "count", "avg"];
    private static readonly string[] Functions = ["contains", "len", "days"];
    private readonly List<string> _tokens = [];
    private readonly IReadOnlyDictionary<string, PackFunction>? _own;
    private int _at;

    private FormulaParser(string text, IReadOnlyDictionary<string, PackFunction>? own)
    {
        _own = own;
        var end = 0;
        foreach (Match match in Token().Matches(text))
        {
            if (text[end..match.Index].Trim().Length > 0)
                throw new FormatException($"\"{text[end..match.Index].Trim()}\" makes no sense in \"{text}\"");
            _tokens.Add(match.Value);
            end = match.Index + match.Length;
        }

        if (text[end..].Trim().Length > 0)
            throw new FormatException($"\"{text[end..].Trim()}\" makes no sense in \"{text}\"");
    }

    /// <summary>Parses one formula; <paramref name="own"/> are the functions of the pack that it may call.</summary>
    /// <exception cref="FormatException">The text is no formula; the message names what was expected.</exception>
    public static Formula Parse(string text, IReadOnlyDictionary<string, PackFunction>? own = null)
    {
        var parser = new FormulaParser(text, own);
        var expression = parser.Or();
        return parser._at == parser._tokens.Count
            ? expression
            : throw new FormatException($"\"{parser._tokens[parser._at]}\" is too much in \"{text}\"");
    }

    private string? Next => _at < _tokens.Count ? _tokens[_at] : null;

    private bool Take(string token)
    {
        if (Next != token)
            return false;
        _at++;
        return true;
    }

    private string Expect(string token) =>
        Take(token) ? token : throw new FormatException($"\"{token}\" is missing before \"{Next ?? "the end"}\"");

    private Formula Or()
    {
        var left = And();
        while (Take("or"))
            left = new Operation("or", left, And());
        return left;
    }

    private Formula And()
    {
        var left = Not();
        while (Take("and"))
            left = new Operation("and", left, Not());
        return left;
    }

    private Formula Not() => Take("not") ? new Negation(Not()) : Comparison();

    private Formula Comparison()
    {
        var left = Sum();
        if (Next is "=" or "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            var op = _tokens[_at++];
            return new Operation(op == "==" ? "=" : op, left, Sum());
        }

        return left;
    }

    private Formula Sum()
    {
        var left = Term();
        while (Next is "+" or "-")
            left = new Operation(_tokens[_at++], left, Term());
        return left;
    }

    private Formula Term()
    {
        var left = Factor();
        while (Next is "*" or "/")
            left = new Operation(_tokens[_at++], left, Factor());
        return left;
    }

    private Formula Factor()
    {
        var token = Next ?? throw new FormatException("a formula ends too early");
        _at++;
        if (token == "(")
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (token[0] == '\'')
            return new Constant(token[1..^1]);
        if (char.IsAsciiDigit(token[0]))
            return new Constant(
                token.Contains('.') ? double.Parse(token, CultureInfo.InvariantCulture) : long.Parse(token, CultureInfo.InvariantCulture)
            );
        if (token is "true" or "false")
            return new Constant(token == "true");
        if (!char.IsAsciiLetter(token[0]))
            throw new FormatException($"\"{token}\" is no value");
        if (Next == "(")
            return Called(token);
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new NamePath(token, null) : new NamePath(token[..dot], token[(dot + 1)..]);
    }

    private Formula Called(string name)
    {
        Expect("(");
        if (_own is not null && _own.TryGetValue(name, out var function))
        {
            var given = Arguments();
            if (given.Count != function.Parameters.Count)
                throw new FormatException($"{name} takes {function.Parameters.Count} arguments");
            return new PackCall(function, given);
        }

        if (Functions.Contains(name))
        {
            var arguments = Arguments();
            if (arguments.Count != (name == "len" ? 1 : 2))
                throw new FormatException($"{name} takes {(name == "len" ? 1 : 2)} arguments");
            return new FunctionCall(name, arguments);
        }

        if (!Aggregates.Contains(name))
            throw new FormatException(
                $"there is no function {name}; there are "
                    + string.Join(
                        ", ",
                        Aggregates.Concat(Functions).Concat(_own?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>())
                    )
            );
        var path = Next ?? "";
        _at++;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        string? of = null;
        if (Take("of"))
            of = _tokens[_at++];
        var where = Take("where") ? Or() : null;
        Expect(")");
        if (dot < 0 && name != "count")
            throw new FormatException($"{name} wants entity.field, not {path}");
        return new Aggregate(name, dot < 0 ? path : path[..dot], dot < 0 ? null : path[(dot + 1)..], of, where);
    }

    private List<Formula> Arguments()
    {
        var arguments = new List<Formula> { Or() };
        while (Take(","))
            arguments.Add(Or());
        Expect(")");
        return arguments;
    }

    [GeneratedRegex(@"'[^']*'|\d+(?:\.\d+)?|[A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*(?:\[\])?)*|==|!=|<=|>=|[-+*/()=<>,]")]
    private static partial Regex Token();
}
