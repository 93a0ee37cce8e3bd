using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Serve.Audits;

/// <summary>A cell in which two JSON values differ.</summary>
/// <param name="Recorded">Null where the record lacks the cell; <paramref name="Executed"/> is null where the execution lacks it.</param>
internal sealed record CellDifference(string Path, Json? Recorded, Json? Executed)
{
    private const int Quoted = 60;

    public static IReadOnlyList<CellDifference> Of(Json recorded, Json executed)
    {
        var found = new List<CellDifference>();
        Compare("", recorded, executed, found);
        return found;
    }

    public override string ToString() =>
        $"{(Path.Length == 0 ? "the observation" : Path)} is {Shown(Recorded, "absent")}; "
        + $"the execution gives {Shown(Executed, "no such cell")}";

    private static void Compare(string path, Json recorded, Json executed, List<CellDifference> found)
    {
        if (recorded == executed)
            return;
        switch (recorded, executed)
        {
            case (JsonMap there, JsonMap here):
                foreach (var key in there.Keys.Union(here.Keys, StringComparer.Ordinal))
                    Take(path.Length == 0 ? key : $"{path}.{key}", Of(there, key), Of(here, key), found);
                break;
            case (JsonList there, JsonList here):
                for (var i = 0; i < Math.Max(there.Items.Count, here.Items.Count); i++)
                    Take(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), Of(there, i), Of(here, i), found);
                break;
            default:
                found.Add(new(path, recorded, executed));
                break;
        }
    }

    private static void Take(string path, Json? recorded, Json? executed, List<CellDifference> found)
    {
        if (recorded is not null && executed is not null)
            Compare(path, recorded, executed, found);
        else
            found.Add(new(path, recorded, executed));
    }

    private static Json? Of(JsonMap map, string key) => map.TryGet(key, out var value) ? value : null;

    private static Json? Of(JsonList list, int place) => place < list.Items.Count ? list.Items[place] : null;

    private static string Shown(Json? value, string absent) =>
        value?.ToString() is not { } text ? absent
        : text.Length <= Quoted ? text
        : text[..Quoted] + "…";
}
