using System.Globalization;
using Spectre.Console;

namespace ConvoSynth.Cli.Tables;

/// <summary>A column's title and side.</summary>
internal readonly record struct TextColumn(string Title, bool IsNumber)
{
    public static implicit operator TextColumn(string title) => new(title, IsNumber: false);

    /// <summary>A column whose cells end at its right side.</summary>
    public static TextColumn Number(string title) => new(title, IsNumber: true);
}

/// <summary>
/// Rows in columns for people, without borders. On a terminal, texts wrap inside their columns. Anywhere else each row is one line of plain
/// text of any length, with two blanks or more between its columns: for grep and awk.
/// </summary>
internal sealed class TextTable(params TextColumn[] columns)
{
    private const int Gap = 2;

    // Wider than any row. Cells are padded to their column and not to this.
    private const int Unlimited = 1_000_000;

    private readonly List<(string? Style, string[] Cells)> _rows = [];

    /// <summary>Counts with what they count, without titles.</summary>
    public static TextTable Counts<T>(IEnumerable<KeyValuePair<string, T>> counts)
        where T : IFormattable
    {
        var table = new TextTable(TextColumn.Number(""), "");
        foreach (var (what, count) in counts)
            table.Add(count, what);
        return table;
    }

    public void Add(params ReadOnlySpan<object?> cells) => AddStyled(null, cells);

    /// <param name="style">Of the row where it is shown on a terminal: <c>red</c>; null for none.</param>
    public void AddStyled(string? style, params ReadOnlySpan<object?> cells)
    {
        var texts = new string[columns.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = i < cells.Length ? Line(cells[i]) : "";
        _rows.Add((style, texts));
    }

    /// <summary>To the program's output.</summary>
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
        // Figures at a row's end cannot wrap, and the console would cut them: the terminal breaks the line instead.
        if (columns[^1].IsNumber)
            console.Profile.Width = Unlimited;
        console.Write(Build(isPlain: false));
    }

    /// <summary>As plain text.</summary>
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
                // An enricher would take the log of a build server for a terminal.
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

    // Text and no markup: brackets in a cell stay as they are.
    private static Text Cell(string text, string? style) => style is null ? new(text) : new(text, Style.Parse(style));

    private static string Line(object? cell) =>
        VisibleText.Of((Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").ReplaceLineEndings(" ⏎ "));
}
