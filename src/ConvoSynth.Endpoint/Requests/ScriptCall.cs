using ConvoSynth.Models;

namespace ConvoSynth.Endpoint;

/// <summary>What decides the blueprints and scripts of a run, as far as a request tells it.</summary>
/// <param name="Domains">Names in turn, with commas between.</param>
/// <param name="Data">A folder with another database, as the endpoint's process sees it.</param>
/// <param name="Blueprints">A file of tasks by hand, as the endpoint's process sees it.</param>
internal sealed record ScriptSettings(string Domains, long Seed, long? Count, double FaultRate, string? Data, string? Blueprints);

/// <summary>Which line of which script a request asks for.</summary>
/// <param name="Candidates">For a critique: how many candidates it is about.</param>
internal sealed record ScriptCall(ScriptSettings Settings, CallKey Key, int? Candidates)
{
    /// <summary>Whether the role is a judge's seat.</summary>
    public bool IsJudge => Key.Role.StartsWith("judge:", StringComparison.Ordinal);
}
