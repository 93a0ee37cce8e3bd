namespace ConvoSynth.Grains;

/// <summary>
/// The deaths of other silos that this silo knows of. A partition then starts its dialogues again at once: some may have been there.
/// </summary>
public interface ILostSilos
{
    /// <summary>Only grows.</summary>
    int Count { get; }
}
