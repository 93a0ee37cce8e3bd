using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// Reads one value of data.yaml: a generator (<c>surname</c>, <c>int(0..3)</c>, <c>20%</c>), a template that joins fields and
/// generators (<c>M{n:4}</c>, <c>{title_id.author}</c>), or a constant number, flag or null.
/// </summary>
internal sealed partial class RecipeText(Generators generators, EntitySpec? entity, MadeTables made)
{
    public EntitySpec? Entity => entity;

    /// <exception cref="ToolError">The text is no value; the message gives the reason.</exception>
    public Recipe Read(string text)
    {
        text = text.Trim();
        if (Percent().Match(text) is { Success: true } percent)
        {
            var chance = double.Parse(percent.Groups[1].Value, CultureInfo.InvariantCulture) / 100;
            return chance <= 1 ? Recipe.Now(row => row.Random.Chance(chance)) : throw new ToolError($"{text} is more than 100%");
        }

        if (Call().Match(text) is { Success: true } call && Closes(text, call.Groups[1].Length))
            return generators.Make(call.Groups[1].Value, Arguments(text[(call.Groups[1].Length + 1)..^1]), this);
        if (Generators.Words.Contains(text))
            return generators.Make(text, [], this);
        if (text.Contains('{', StringComparison.Ordinal))
            return Template(text);
        if (YamlPart.PlainValue(text) is { Text: null } plain)
            return Recipe.Fixed(plain);
        if (IsPath(text))
            return Recipe.Now(row => row.Read(text));
        throw new ToolError(
            $"\"{text}\" is no generator, no template with {{…}}, no field above and no number; for a fixed text write pick({text})"
        );
    }

    /// <summary>Returns the path if domain.yaml lets it lead to a field.</summary>
    /// <exception cref="ToolError">The path leads nowhere.</exception>
    public string PathOf(string text) =>
        IsPath(text) ? text : throw new ToolError($"{text} is no field of {entity?.Name ?? "this row"}, nor of a row that it refers to");

    /// <summary>A condition on a row: <c>flag</c> or <c>field=value</c>, also with <c>!= &lt; &gt; &lt;= &gt;=</c>.</summary>
    public static Func<Func<string, Json>, bool> Condition(string text, Action<string> check)
    {
        if (Comparison().Match(text) is not { Success: true } match)
            throw new ToolError($"\"{text}\" is no condition such as status=open");
        var path = match.Groups[1].Value;
        check(path);
        if (!match.Groups[2].Success)
            return read => read(path).Flag == true;
        var wanted = YamlPart.PlainValue(match.Groups[3].Value.Trim());
        return match.Groups[2].Value switch
        {
            "=" => read => read(path) == wanted,
            "!=" => read => read(path) != wanted,
            "<" => read => Compare(read(path), wanted) < 0,
            ">" => read => Compare(read(path), wanted) > 0,
            "<=" => read => Compare(read(path), wanted) <= 0,
            _ => read => Compare(read(path), wanted) >= 0,
        };
    }

    private bool IsPath(string text) => PathPattern().IsMatch(text) && (entity is null || made.CanFollow(entity, text));

    private Recipe Template(string text)
    {
        var parts = new List<Recipe>();
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf('{', at);
            if (open != at)
                parts.Add(Recipe.Fixed(open < 0 ? text[at..] : text[at..open]));
            if (open < 0)
                break;
            var close = text.IndexOf('}', open);
            if (close < 0)
                throw new ToolError($"\"{text}\" has a {{ without its }}");
            parts.Add(Slot(text[(open + 1)..close]));
            at = close + 1;
        }

        if (parts.Count == 1)
            return parts[0];
        return new(
            row =>
            {
                var joined = new StringBuilder();
                foreach (var part in parts)
                {
                    var value = part.Draw(row);
                    joined.Append(value.Text ?? value.ToString());
                }

                return joined.ToString();
            },
            parts.Any(p => p.IsLate)
        );
    }

    private Recipe Slot(string slot)
    {
        if (Running().Match(slot) is { Success: true } running)
        {
            var digits = running.Groups[2].Success ? "D" + running.Groups[2].Value : "D";
            return running.Groups[1].Value == "n"
                ? Recipe.Now(row => row.Number.ToString(digits, CultureInfo.InvariantCulture))
                : Recipe.Now(row => row.Within.ToString(digits, CultureInfo.InvariantCulture));
        }

        if (slot.EndsWith(')') || slot.EndsWith('%'))
            return Read(slot);
        var path = PathOf(slot);
        return Recipe.Now(row => row.Read(path));
    }

    // A comma or a semicolon separates arguments. Semicolons also work within a YAML flow map, where a comma ends the value.
    private static List<string> Arguments(string text)
    {
        var arguments = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (depth == 0 && text[i] is ',' or ';'))
            {
                if (text[start..i].Trim() is { Length: > 0 } argument)
                    arguments.Add(argument);
                start = i + 1;
            }
            else if (text[i] == '(')
            {
                depth++;
            }
            else if (text[i] == ')')
            {
                depth--;
            }
        }

        return arguments;
    }

    // Whether the parenthesis that opens here closes at the very end: "a(b) c(d)" is no call.
    private static bool Closes(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
                return i == text.Length - 1;
        }

        return false;
    }

    private static int Compare(Json left, Json right) =>
        left.Number is { } a && right.Number is { } b
            ? a.CompareTo(b)
            : string.CompareOrdinal(left.Text ?? left.ToString(), right.Text ?? right.ToString());

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)%$")]
    private static partial Regex Percent();

    [GeneratedRegex(@"^([a-z_]+)\(.*\)$", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^([nk])(?::(\d))?$")]
    private static partial Regex Running();

    [GeneratedRegex(@"^[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*$")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"^([a-z_][a-z0-9_.]*)\s*(?:(<=|>=|!=|=|<|>)(.*))?$")]
    private static partial Regex Comparison();
}
