using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// The layout of the dataset Salesforce/APIGen-MT-5k: <c>conversations</c>, <c>tools</c> as the text of a bare list, <c>system</c>. It has
/// neither masks nor parallel calls.
/// </summary>
internal sealed class ApigenMtFormat : JsonLinesFormat
{
    public override string Name => "apigen-mt";

    public override string About => "the layout of Salesforce/APIGen-MT-5k (JSON lines)";

    public override Holds HoldsOf(bool eachTurn) => Holds.Nothing;

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        ShareGptLines.Write(json, example.Messages);
        WriteToolsText(json, example, bare: true);
        json.WriteEndObject();
    }
}
