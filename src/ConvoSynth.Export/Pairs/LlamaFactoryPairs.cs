using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Pairs;

/// <summary>
/// LLaMA-Factory's ranked ShareGPT datasets: <c>conversations</c> that end with the human or an observation, <c>chosen</c> and
/// <c>rejected</c>. Source: src/llamafactory/data/converter.py of hiyouga/LLaMA-Factory.
/// </summary>
internal sealed class LlamaFactoryPairs : PairFormat
{
    public override string Name => "llamafactory-dpo";

    public override string About => "preference pairs for LLaMA-Factory (JSON lines)";

    public override string? Problem(PreferencePair pair)
    {
        var all = pair.Context.Append(pair.Chosen).Append(pair.Refused).ToArray();
        if (all.Any(m => m.Calls.Count > 1))
            return LossTally.ParallelCalls;
        return all.Any(m => m.Calls.Any(c => c.Arguments.ValueKind != JsonValueKind.Object)) ? LossTally.TextArguments : null;
    }

    public override IRecordFiles<PreferencePair> Begin(OutputFolder output, string split) =>
        new JsonLinesFile<PreferencePair>(output, $"{split}.jsonl", Write);

    public override IEnumerable<CompanionFile> Companions(IReadOnlyList<string> splits, bool eachTurn)
    {
        yield return LlamaFactoryInfo.Of(splits, ranked: true);
    }

    private static void Write(Utf8JsonWriter json, PreferencePair pair)
    {
        json.WriteStartObject();
        ShareGptLines.Write(json, pair.Context);
        json.WritePropertyName("chosen"u8);
        ShareGptLines.WriteTurn(json, pair.Chosen);
        json.WritePropertyName("rejected"u8);
        ShareGptLines.WriteTurn(json, pair.Refused);
        json.WriteString("tools"u8, ToolTexts.Bare(pair.Tools));
        json.WriteEndObject();
    }
}
