using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Evidence;

/// <summary>Facts of a trace that several checks share; each is computed once.</summary>
internal sealed class TraceEvidence(Trace trace)
{
    private IReadOnlyList<Json>? _origins;
    private StateReplay? _states;

    public static TraceEvidence Of(Trace trace) => trace.Derived(static t => new TraceEvidence(t));

    public IReadOnlyList<Json> ArgumentOrigins => _origins ??= Evidence.ArgumentOrigins.Of(trace);

    public Db StateBefore(int message) => (_states ??= new(trace)).Before(message);
}

/// <summary>The shared facts as members of the trace.</summary>
internal static class TraceEvidenceExtensions
{
    extension(Trace trace)
    {
        /// <summary>Per call: argument path → origin of the value.</summary>
        public IReadOnlyList<Json> ArgumentOrigins => TraceEvidence.Of(trace).ArgumentOrigins;

        /// <summary>The state before a message, for lookups; read-only.</summary>
        public Db StateBefore(int message) => TraceEvidence.Of(trace).StateBefore(message);
    }
}
