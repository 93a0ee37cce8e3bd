namespace ConvoSynth.Review.Tables;

/// <summary>Values in SQL where a statement takes no parameter: file names in views and in COPY.</summary>
internal static class Sql
{
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Texts(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";
}
