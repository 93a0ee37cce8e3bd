using System.Globalization;
using Spectre.Console;

namespace ConvoSynth.Cli.Tables;

internal readonly record struct TextColumn(string Title, bool IsNumber)
{
    public static implicit operator TextColumn(string title) => new(title, IsNumber: false);

    /// <summary>A right-aligned column.</summary>
    public static TextColumn Number(string title) => new(title, IsNumber: true);
}

/// <summary>
/// Rows in columns for people, without borders. On a terminal, texts wrap inside their columns. Elsewhere each row is one line of plain
/// text of any length, with at least two blanks between columns, for grep and awk.
/// </summary>
internal sealed class TextTable(params TextColumn[] columns)
{
    private const int Gap = 2;

    // Wider than any row. Cells are padded to their column and not to this width.
    private const int Unlimited = 1_000_000;

    private readonly List<(string? Style, string[] Cells)> _rows = [];

    /// <summary>Counts with their names, without titles.</summary>
    public static TextTable Counts<T>(IEnumerable<KeyValuePair<string, T>> counts)
        where T : IFormattable
    {
        var table = new TextTable(TextColumn.Number(""), "");
        foreach (var (what, count) in counts)
            table.Add(count, what);
        return table;
    }

    public void Add(params ReadOnlySpan<object?> cells) => AddStyled(null, cells);

    /// <param name="style">The row's style on a terminal, such as <c>red</c>; null for none.</param>
    public void AddStyled(string? style, params ReadOnlySpan<object?> cells)
    {
        var texts = new string[columns.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = i < cells.Length ? Line(cells[i]) : "";
        _rows.Add((style, texts));
    }

    /// <summary>Prints to the program's output.</summary>
    public void Print()
    {
        if (_rows.Count == 0)
            return;
        if (Console.IsOutputRedirected)
        {
            Print(Console.Out);
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        // Figures at a row's end cannot wrap, and the console would truncate them, so the terminal breaks the line instead.
        if (columns[^1].IsNumber)
            console.Profile.Width = Unlimited;
        console.Write(Build(isPlain: false));
    }

    /// <summary>Prints plain text.</summary>
    public void Print(TextWriter to)
    {
        if (_rows.Count == 0)
            return;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(text),
                // An enricher would take a build server's log for a terminal.
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        console.Profile.Width = Unlimited;
        console.Write(Build(isPlain: true));
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
            to.WriteLine(line.TrimEnd());
    }

    private Grid Build(bool isPlain)
    {
        var grid = new Grid();
        for (var i = 0; i < columns.Length; i++)
        {
            grid.AddColumn(
                new GridColumn
                {
                    Alignment = columns[i].IsNumber ? Justify.Right : Justify.Left,
                    NoWrap = isPlain || columns[i].IsNumber,
                    Padding = new Padding(Gap, 0, 0, 0),
                }
            );
        }

        if (columns.Any(c => c.Title.Length > 0))
            grid.AddRow([.. columns.Select(c => Cell(c.Title, "bold"))]);
        foreach (var (style, cells) in _rows)
            grid.AddRow([.. cells.Select(c => Cell(c, style))]);
        return grid;
    }

    // Plain text without markup: brackets in a cell stay unchanged.
    private static Text Cell(string text, string? style) => style is null ? new(text) : new(text, Style.Parse(style));

    private static string Line(object? cell) =>
        VisibleText.Of((Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").ReplaceLineEndings(" ⏎ "));
}
