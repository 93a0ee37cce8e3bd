using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>One try of a call.</summary>
/// <param name="Call">Key under which tries and answers are counted; null for a request outside any dialogue.</param>
internal readonly record struct Trying(Seed? Call, int Number, Fate Fate, Seed Seed)
{
    /// <summary>16 hexadecimal digits, the same for the same try.</summary>
    public string Id => Seed.For("id").ToString();

    /// <summary>A number from 0 (inclusive) to 1 (exclusive), drawn for this try.</summary>
    public double Share(string purpose) => (Seed.For(purpose).Value >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Counts the try. Failures depend on the script and the number of the try; the run's name only separates the counts of several runs.
    /// </summary>
    public static Trying Of(ServerParts parts, RequestFacts facts, KeptScript? script)
    {
        if (facts.Call is not { } call || script is null)
            return new(null, 1, parts.Fates.Plain, new Seed(0).For(facts.Model));
        var seed = script.Seed.For(call.Key.Role).For(call.Key.Step).For(call.Key.Part);
        var counted = seed.For(call.Key.Dialogue.Run);
        var number = parts.Calls.Tried(counted);
        return new(counted, number, parts.Fates.Of(seed, number), seed.For(number));
    }
}
