using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>The cost of each check, and of the replay that all checks share.</summary>
internal static class ChecksSection
{
    private const int WarmUp = 1500;

    public static Task Run(Inputs inputs)
    {
        foreach (var domain in Campaigns.Domains)
        {
            var spec = Campaigns.Spec($"checks-{domain}", inputs, WarmUp + inputs.Sample, domain);
            var setup = Campaigns.Setups().For(spec);
            var timed = Verifier.Default(setup.Packs[domain]).Checks.Select(c => new Timed(c)).ToArray();
            var pipeline = new Pipeline(
                setup with
                {
                    Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { [domain] = new(timed) },
                },
                (_, work) => work()
            );
            foreach (var _ in pipeline.Rows(0, WarmUp))
                continue;
            foreach (var check in timed)
                check.Spent = TimeSpan.Zero;
            foreach (var _ in pipeline.Rows(WarmUp, inputs.Sample))
                continue;
            Console.WriteLine(
                $"{domain}: {inputs.Sample} dialogues, one thread; "
                    + "wall us a dialogue (what checks share is counted with the first that asks for it):"
            );
            foreach (var check in timed.OrderByDescending(c => c.Spent))
                Console.WriteLine($"  {check.Name, -24} {check.Spent.TotalMicroseconds / inputs.Sample, 8:0.0}");
            Console.WriteLine($"  {"all checks", -24} {timed.Sum(c => c.Spent.TotalMicroseconds) / inputs.Sample, 8:0.0}");
        }

        return Task.CompletedTask;
    }

    private sealed class Timed(ICheck check) : ICheck
    {
        public string Name => check.GetType().Name;

        public TimeSpan Spent { get; set; }

        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
        {
            var start = TimeProvider.System.GetTimestamp();
            check.Run(trace, verdicts);
            Spent += TimeProvider.System.GetElapsedTime(start);
        }
    }
}
