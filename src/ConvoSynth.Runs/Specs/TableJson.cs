using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Runs.Specs;

/// <summary>A base table in the archive's form: an object of rows by key, as <c>--data</c> reads it.</summary>
internal static class TableJson
{
    public static byte[] Of(BaseTable table) =>
        Encoding.UTF8.GetBytes(JsonMap.Create(table.Rows.Select(r => KeyValuePair.Create(r.Key, (Json)r.Values))).ToString());
}
