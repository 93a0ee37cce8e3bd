using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Measures;
using ConvoSynth.Rehearsal.FakeOpenAI.Quotas;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>State shared by the requests of one server.</summary>
internal sealed record ServerParts(
    EndpointOptions Options,
    ScriptBook Scripts,
    Quota Quota,
    FateDrawing Fates,
    CallMemory Calls,
    Counters Counters,
    Pauses Pauses,
    RequestLog? Log,
    TimeProvider Time,
    long Start,
    CancellationToken Stopping
)
{
    public double Seconds => Time.GetElapsedTime(Start).TotalSeconds;
}
