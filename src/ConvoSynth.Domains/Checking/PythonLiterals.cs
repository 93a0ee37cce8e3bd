using System.Globalization;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Reads the literals of a Python file: lists, tuples, dictionaries, strings, numbers and <c>True False None</c>. Calls with named
/// arguments read as dictionaries (<c>Action(name="x")</c> is <c>{"name": "x"}</c>). Nothing is executed: anything else is an error
/// with its line.
/// </summary>
internal sealed class PythonLiterals
{
    private const int DeepestNesting = 100;

    private readonly string _file;
    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonLiterals(string file, string text) => (_file, _text) = (file, text);

    /// <summary>The values that the file binds to names (<c>TASKS = […]</c>), in the order of the file; imports are skipped.</summary>
    /// <exception cref="FormatException">The file holds something else; the message names file and line.</exception>
    public static IReadOnlyList<(string Name, Json Value)> Read(string file, string text)
    {
        var reader = new PythonLiterals(file, text);
        var bound = new List<(string, Json)>();
        while (reader.Statement() is { } statement)
        {
            if (statement.Value is { } value)
                bound.Add((statement.Name, value));
        }

        return bound;
    }

    private (string Name, Json? Value)? Statement()
    {
        Blank();
        if (_at == _text.Length)
            return null;
        if (_text[_at] is '"' or '\'')
        {
            String(); // A docstring.
            return ("", null);
        }

        var name = Word();
        if (name is "from" or "import")
        {
            while (Peek is not ('\n' or '#' or '\0'))
            {
                // Names in parentheses may span several lines.
                if (Peek == '(')
                    while (Peek is not (')' or '\0'))
                        _at++;
                else
                    _at++;
            }

            return (name, null);
        }

        Blank();
        // A type annotation: TASKS: List[Task] = […].
        if (name.Length > 0 && Peek == ':')
            while (_at < _text.Length && _text[_at] is not ('=' or '\n'))
                _at++;
        if (name.Length == 0 || Peek != '=')
            throw Wrong("a name and = are wanted here");
        _at++;
        return (name, Value());
    }

    private Json Value()
    {
        if (++_depth > DeepestNesting)
            throw Wrong($"values lie more than {DeepestNesting} deep");
        Blank();
        var value = Peek switch
        {
            '[' => Json.List(Items(']', Value)),
            '(' => Tuple(),
            '{' => JsonMap.Create(Items('}', Entry)),
            '"' or '\'' => Texts(""),
            '-' or '+' or '.' or (>= '0' and <= '9') => Number(),
            _ => Named(),
        };
        _depth--;
        return value;
    }

    // Adjacent strings in parentheses concatenate to one string; they are no tuple.
    private Json Tuple()
    {
        var items = Items(')', Value, out var hasComma).ToArray();
        return items is [var only] && !hasComma ? only : Json.List(items);
    }

    private Json Named()
    {
        var word = Word();
        if (Peek is '"' or '\'')
            return Texts(word);
        switch (word)
        {
            case "True":
                return true;
            case "False":
                return false;
            case "None":
                return Json.Null;
            case "":
                throw Wrong("a value is wanted here");
        }

        Blank();
        return Peek == '(' ? JsonMap.Create(Items(')', Argument)) : throw Wrong($"{word} is no literal, and nothing is run");
    }

    private KeyValuePair<string, Json> Entry()
    {
        var key = Value();
        Blank();
        if (Peek != ':')
            throw Wrong("a dictionary wants key: value");
        _at++;
        return KeyValuePair.Create(key.Text ?? key.ToString(), Value());
    }

    private KeyValuePair<string, Json> Argument()
    {
        var name = Word();
        Blank();
        if (name.Length == 0 || Peek != '=')
            throw Wrong("a call wants name=value");
        _at++;
        return KeyValuePair.Create(name, Value());
    }

    private List<T> Items<T>(char end, Func<T> item) => Items(end, item, out _);

    private List<T> Items<T>(char end, Func<T> item, out bool hasComma)
    {
        _at++;
        var items = new List<T>();
        for (hasComma = false; ; )
        {
            Blank();
            if (Peek == end)
            {
                _at++;
                return items;
            }

            items.Add(item());
            Blank();
            if (Peek == ',')
            {
                _at++;
                hasComma = true;
            }
            else if (Peek != end)
            {
                throw Wrong($"a comma or {end} is wanted here");
            }
        }
    }

    private Json Number()
    {
        var from = _at;
        while (
            _at < _text.Length
            && (
                char.IsAsciiLetterOrDigit(_text[_at])
                || _text[_at] is '.' or '_'
                || (_text[_at] is '-' or '+' && (_at == from || _text[_at - 1] is 'e' or 'E'))
            )
        )
            _at++;
        var digits = _text[from.._at].Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Wrong($"{digits} is no number");
    }

    private JsonText Texts(string prefix)
    {
        var text = new StringBuilder(String(prefix));
        while (true)
        {
            var back = _at;
            Blank();
            var next = Word();
            if (Peek is not ('"' or '\''))
            {
                _at = back;
                return new(text.ToString());
            }

            text.Append(String(next));
        }
    }

    private string String(string prefix = "")
    {
        var isRaw = prefix is "r" or "R";
        if (prefix.Length > 0 && !isRaw && prefix is not ("u" or "U"))
            throw Wrong($"a text that begins with {prefix} is no plain text");
        var quote = _text[_at];
        var isLong = _text.AsSpan(_at).StartsWith([quote, quote, quote]);
        _at += isLong ? 3 : 1;
        var text = new StringBuilder();
        while (true)
        {
            if (_at == _text.Length || (!isLong && _text[_at] == '\n'))
                throw Wrong("a text is not closed");
            if (_text[_at] == quote && (!isLong || _text.AsSpan(_at).StartsWith([quote, quote, quote])))
            {
                _at += isLong ? 3 : 1;
                return text.ToString();
            }

            if (_text[_at] == '\\' && !isRaw)
                Escape(text);
            else
                text.Append(_text[_at++]);
        }
    }

    private void Escape(StringBuilder text)
    {
        if (_at + 1 == _text.Length)
            throw Wrong("a text is not closed");
        var kind = _text[_at + 1];
        _at += 2;
        switch (kind)
        {
            case '\n':
                return;
            case 'n' or 't' or 'r' or '\\' or '\'' or '"':
                text.Append(
                    kind switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        _ => kind,
                    }
                );
                return;
            case 'x' or 'u' or 'U':
                var length = kind switch
                {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                if (
                    _at + length > _text.Length
                    || !int.TryParse(_text.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                )
                    throw Wrong($"\\{kind} wants {length} hexadecimal digits");
                text.Append(code > char.MaxValue ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                _at += length;
                return;
            default:
                text.Append('\\').Append(kind); // As in Python.
                return;
        }
    }

    private char Peek => _at < _text.Length ? _text[_at] : '\0';

    private string Word()
    {
        var from = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
            _at++;
        return _text[from.._at];
    }

    private void Blank()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '#')
                while (_at < _text.Length && _text[_at] != '\n')
                    _at++;
            else if (char.IsWhiteSpace(_text[_at]))
                _at++;
            else if (_text.AsSpan(_at).StartsWith("\\\n"))
                _at += 2;
            else
                return;
        }
    }

    private FormatException Wrong(string reason) =>
        new($"{_file}: line {_text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1}: {reason}");
}
