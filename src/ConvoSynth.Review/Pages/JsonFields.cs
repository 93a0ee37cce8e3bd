using ConvoSynth.Core;

namespace ConvoSynth.Review.Pages;

/// <summary>The fields of a value, each with its path as in <c>address.zip</c> or <c>items[1].price</c>.</summary>
internal static class JsonFields
{
    public static IEnumerable<(string Path, Json Leaf)> Of(Json value, string path = "") =>
        value switch
        {
            JsonMap map => map.Keys.Zip(map.Values).SelectMany(f => Of(f.Second, path.Length == 0 ? f.First : $"{path}.{f.First}")),
            JsonList list => list.Items.SelectMany((item, place) => Of(item, $"{path}[{place}]")),
            _ => [(path, value)],
        };

    public static string Text(Json leaf) => leaf.Text ?? leaf.ToString();
}
