using System.Text;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// The card by which Hugging Face's <c>datasets</c> finds the files of each split and decodes the JSON columns. Without the types in the
/// card, an older pyarrow reads JSON columns as text.
/// </summary>
internal static class HubCard
{
    public static CompanionFile Of(IReadOnlyList<string> splits, IReadOnlyList<ColumnShape> columns, string script)
    {
        var card = new StringBuilder("---\nconfigs:\n- config_name: default\n  data_files:\n");
        foreach (var split in splits)
            _ = card.Append("  - split: ").Append(split).Append("\n    path: data/").Append(split).Append("-*.parquet\n");
        _ = card.Append("dataset_info:\n- config_name: default\n  features:\n");
        foreach (var column in columns)
        {
            var type = column.Type == ColumnType.Json ? "json" : "string";
            _ = card.Append("  - name: ")
                .Append(column.Name)
                .Append(column.IsList ? "\n    list: " : "\n    dtype: ")
                .Append(type)
                .Append('\n');
        }

        _ = card.Append("---\n\n`export.json` says where the rows come from and what was left out. `")
            .Append(script)
            .Append("` loads them.\n");
        return new("README.md", card.ToString());
    }
}
