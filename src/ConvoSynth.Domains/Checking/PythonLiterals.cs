using System.Globalization;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains.Checking;

/// <summary>
/// Reads the literals of a Python file: lists, tuples, dictionaries, strings, numbers and <c>True False None</c>. Calls with named
/// arguments read as dictionaries (<c>Action(name="x")</c> is <c>{"name": "x"}</c>). Nothing is executed: anything else is an error
/// with its line.
/// </summary>
internal sealed class PythonLiterals : PythonScanner
{
    private const int DeepestNesting = 100;
    private int _depth;

    private PythonLiterals(string file, string text)
        : base(file, text) { }

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
        if (At == Text.Length)
            return null;
        if (Text[At] is '"' or '\'')
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
                        At++;
                else
                    At++;
            }

            return (name, null);
        }

        Blank();
        // A type annotation: TASKS: List[Task] = […].
        if (name.Length > 0 && Peek == ':')
            while (At < Text.Length && Text[At] is not ('=' or '\n'))
                At++;
        if (name.Length == 0 || Peek != '=')
            throw Wrong("a name and = are wanted here");
        At++;
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
        At++;
        return KeyValuePair.Create(key.Text ?? key.ToString(), Value());
    }

    private KeyValuePair<string, Json> Argument()
    {
        var name = Word();
        Blank();
        if (name.Length == 0 || Peek != '=')
            throw Wrong("a call wants name=value");
        At++;
        return KeyValuePair.Create(name, Value());
    }

    private List<T> Items<T>(char end, Func<T> item) => Items(end, item, out _);

    private List<T> Items<T>(char end, Func<T> item, out bool hasComma)
    {
        At++;
        var items = new List<T>();
        for (hasComma = false; ; )
        {
            Blank();
            if (Peek == end)
            {
                At++;
                return items;
            }

            items.Add(item());
            Blank();
            if (Peek == ',')
            {
                At++;
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
        var from = At;
        while (
            At < Text.Length
            && (
                char.IsAsciiLetterOrDigit(Text[At])
                || Text[At] is '.' or '_'
                || (Text[At] is '-' or '+' && (At == from || Text[At - 1] is 'e' or 'E'))
            )
        )
            At++;
        var digits = Text[from..At].Replace("_", "", StringComparison.Ordinal);
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
            var back = At;
            Blank();
            var next = Word();
            if (Peek is not ('"' or '\''))
            {
                At = back;
                return new(text.ToString());
            }

            text.Append(String(next));
        }
    }
}
