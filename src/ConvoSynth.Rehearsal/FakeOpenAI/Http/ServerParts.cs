namespace ConvoSynth.Rehearsal.FakeOpenAI;

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
