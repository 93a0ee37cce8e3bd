using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>A format for supervised training: one record an example.</summary>
internal abstract class ExampleFormat : ExportFormat
{
    /// <summary>Whether the format only knows examples of which the last message alone is learned.</summary>
    public virtual bool IsOfTurns => false;

    /// <summary>What the format can say.</summary>
    public abstract Holds HoldsOf(bool eachTurn);

    /// <summary>Begins the files of one split.</summary>
    public abstract IRecordFiles<Example> Begin(OutputFolder output, string split, bool eachTurn);
}
