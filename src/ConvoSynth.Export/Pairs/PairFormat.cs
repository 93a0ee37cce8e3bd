using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;

namespace ConvoSynth.Export.Pairs;

/// <summary>A format of preference pairs.</summary>
internal abstract class PairFormat : ExportFormat
{
    /// <summary>Why the format cannot hold the pair, as a reason that is counted; null if it can.</summary>
    public abstract string? Problem(PreferencePair pair);

    /// <summary>Begins the files of one split.</summary>
    public abstract IRecordFiles<PreferencePair> Begin(OutputFolder output, string split);
}
