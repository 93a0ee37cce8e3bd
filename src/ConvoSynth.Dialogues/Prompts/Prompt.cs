using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Dialogues.Prompts;

/// <summary>The type of a placeholder, which decides how its value is rendered.</summary>
public enum PlaceholderType
{
    /// <summary>One line: line breaks become spaces.</summary>
    Line,

    /// <summary>Trusted text of the run itself, rendered as it is.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>
    /// Untrusted text: rendered between <c>&lt;&lt;&lt;</c> and <c>&gt;&gt;&gt;</c>, with both marks broken up inside it.
    /// </summary>
    Quote,
}

/// <summary>A place in a prompt for a value: <c>{{name}}</c>.</summary>
public sealed record Placeholder(string Name, PlaceholderType Type)
{
    /// <summary>Whether a prompt may lack it; its value is then not sent. Prompts that older runs keep lack some.</summary>
    /// <value>False by default.</value>
    public bool IsOptional { get; init; }
}

/// <summary>A prompt with its placeholders filled in.</summary>
/// <param name="User">Empty if the file has no user part.</param>
public sealed record RenderedPrompt(string System, string User);

/// <summary>
/// A prompt file: Markdown with placeholders. The line <c>&lt;!-- user --&gt;</c> separates the system message from the user's. Other
/// lines that consist of one comment are dropped.
/// </summary>
public sealed class Prompt
{
    private const string UserMark = "<!-- user -->";

    private readonly ImmutableArray<Piece> _system;
    private readonly ImmutableArray<Piece> _user;

    private Prompt(string file, ImmutableArray<Piece>[] parts, ImmutableArray<string> absent)
    {
        File = file;
        (_system, _user) = (parts[0], parts[1]);
        Absent = absent;
        Hash = HashOf(parts);
    }

    // Literal text, or a placeholder.
    private readonly record struct Piece(string Text, Placeholder? Placeholder);

    public string File { get; }

    /// <summary>SHA-256 of the text that is sent, with unfilled placeholders, in lower-case hex. Comments do not affect it.</summary>
    public string Hash { get; }

    /// <summary>Reads a prompt. Each placeholder that is not optional must occur in it, and no other may.</summary>
    /// <exception cref="PromptException">The prompt has errors; the message names each with file and line.</exception>
    public static Prompt Read(string file, string text, IReadOnlyList<Placeholder> placeholders)
    {
        var faults = new List<string>();
        var prompt = TryRead(file, text, placeholders, faults);
        return prompt ?? throw new PromptException(faults);
    }

    internal static Prompt? TryRead(string file, string text, IReadOnlyList<Placeholder> placeholders, List<string> faults)
    {
        var before = faults.Count;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var parts = new List<(string Text, int Line)>[] { [], [] };
        var part = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line == UserMark && part == 1)
                faults.Add($"{file}:{i + 1}: the mark {UserMark} occurs twice");
            else if (line == UserMark)
                part = 1;
            else if (!line.StartsWith("<!--", StringComparison.Ordinal) || !line.EndsWith("-->", StringComparison.Ordinal))
                parts[part].Add((lines[i].TrimEnd(), i + 1));
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        ImmutableArray<Piece>[] pieces = [.. parts.Select(p => Pieces(file, p, placeholders, used, faults))];
        if (pieces[0].IsEmpty)
            faults.Add($"{file}: the system part is empty");
        foreach (var placeholder in placeholders)
        {
            if (!used.Contains(placeholder.Name) && !placeholder.IsOptional)
                faults.Add($"{file}: the placeholder {{{{{placeholder.Name}}}}} is missing");
        }

        return faults.Count > before ? null : new(file, pieces, [.. placeholders.Select(p => p.Name).Where(p => !used.Contains(p))]);
    }

    /// <summary>The optional placeholders that the file lacks.</summary>
    public ImmutableArray<string> Absent { get; }

    /// <summary>The prompt with its placeholders filled in. Placeholders within values are not expanded.</summary>
    /// <exception cref="ArgumentException">A value is missing, belongs to no placeholder, or does not fit the placeholder's
    /// type.</exception>
    public RenderedPrompt Render(params ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var (name, _) in values)
        {
            if (!Has(_system, name) && !Has(_user, name) && !Absent.Contains(name))
                throw new ArgumentException($"{File} has no placeholder {{{{{name}}}}}");
        }

        return new(Filled(_system, values), Filled(_user, values));
    }

    private static bool Has(ImmutableArray<Piece> pieces, string name)
    {
        foreach (var piece in pieces)
        {
            if (piece.Placeholder?.Name == name)
                return true;
        }

        return false;
    }

    private static ImmutableArray<Piece> Pieces(
        string file,
        List<(string Text, int Line)> lines,
        IReadOnlyList<Placeholder> placeholders,
        HashSet<string> used,
        List<string> faults
    )
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var text = new StringBuilder();
        var last = lines.FindLastIndex(l => l.Text.Length > 0);
        for (var l = Math.Max(0, lines.FindIndex(l => l.Text.Length > 0)); l <= last; l++)
        {
            var (line, number) = lines[l];
            var from = 0;
            for (
                var open = line.IndexOf("{{", StringComparison.Ordinal);
                open >= 0;
                open = line.IndexOf("{{", from, StringComparison.Ordinal)
            )
            {
                var close = line.IndexOf("}}", open, StringComparison.Ordinal);
                if (close < 0)
                {
                    faults.Add($"{file}:{number}: {{{{ is never closed");
                    break;
                }

                var name = line[(open + 2)..close].Trim();
                var placeholder = placeholders.FirstOrDefault(p => p.Name == name);
                if (placeholder is null)
                    faults.Add($"{file}:{number}: {{{{{name}}}}} is no placeholder of this prompt; {Known(placeholders)}");
                used.Add(name);
                text.Append(line, from, open - from);
                if (text.Length > 0)
                    pieces.Add(new(text.ToString(), null));
                text.Clear();
                pieces.Add(new("", placeholder));
                from = close + 2;
            }

            text.Append(line, from, line.Length - from);
            if (l < last)
                text.Append('\n');
        }

        if (text.Length > 0)
            pieces.Add(new(text.ToString(), null));
        return pieces.ToImmutable();
    }

    private static string Known(IReadOnlyList<Placeholder> placeholders) =>
        placeholders.Count == 0 ? "it has none" : $"it has {string.Join(", ", placeholders.Select(p => $"{{{{{p.Name}}}}}"))}";

    private static string HashOf(ImmutableArray<Piece>[] parts) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        '\0',
                        parts.Select(p =>
                            string.Concat(
                                p.Select(piece => piece.Placeholder is { } placeholder ? $"{{{{{placeholder.Name}}}}}" : piece.Text)
                            )
                        )
                    )
                )
            )
        );

    private string Filled(ImmutableArray<Piece> pieces, ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
            text.Append(piece.Placeholder is { } placeholder ? Fitting(placeholder, ValueOf(placeholder, values)) : piece.Text);
        return text.ToString();
    }

    private string ValueOf(Placeholder placeholder, ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values)
        {
            if (name == placeholder.Name)
                return value;
        }

        throw new ArgumentException($"{File}: no value is given for {{{{{placeholder.Name}}}}}");
    }

    private string Fitting(Placeholder placeholder, string value) =>
        placeholder.Type switch
        {
            PlaceholderType.Line => value.ReplaceLineEndings(" ").Trim(),
            PlaceholderType.Text => value.Trim(),
            PlaceholderType.Count when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => value,
            PlaceholderType.Count => throw new ArgumentException(
                $"{File}: {{{{{placeholder.Name}}}}} takes a whole number, not \"{value}\""
            ),
            PlaceholderType.Quote => $"<<<\n{Broken(Broken(value.Trim(), '<'), '>')}\n>>>",
            _ => throw new InvalidOperationException($"no such type: {placeholder.Type}"),
        };

    // Spaces break up runs of three marks, so that no value can end its own quotation.
    private static string Broken(string value, char mark)
    {
        var run = new string(mark, 3);
        while (value.Contains(run, StringComparison.Ordinal))
            value = value.Replace(run, $"{mark} {mark} {mark}", StringComparison.Ordinal);
        return value;
    }
}

/// <summary>Prompts that cannot be used. The message lists every error, one a line.</summary>
public sealed class PromptException(IReadOnlyList<string> faults) : Exception($"the prompts cannot be used: {string.Join("\n  ", faults)}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
