using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>
/// What thoughts and judges add to the engine's time for each model call. Models answer at once from scripts, so the processor's time is
/// that of grains, sessions, checks, prompts of judges and rows.
/// </summary>
internal static class JudgesSection
{
    private const int Rounds = 3;
    private const double Aim = 1.10;

    private static readonly Variant[] Variants =
    [
        new("neither", Thoughts: false, Seats: 0, Tasks: false),
        new("thoughts", Thoughts: true, Seats: 0, Tasks: false),
        new("one judge", Thoughts: false, Seats: 1, Tasks: false),
        new("committee of three", Thoughts: false, Seats: 3, Tasks: false),
        new("committee, tasks too", Thoughts: false, Seats: 3, Tasks: true),
        new("thoughts, committee, tasks too", Thoughts: true, Seats: 3, Tasks: true),
    ];

    public static async Task Run(Inputs inputs)
    {
        Console.WriteLine(
            $"{inputs.Sample} dialogues of {string.Join(", ", Campaigns.Domains)}, {inputs.Concurrency} in flight, no planted fault, seed "
                + $"{inputs.Seed}, to disk; the least of {Rounds} rounds after one to warm up"
        );
        var least = new (double Us, long Calls, long Judged)?[Variants.Length];
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < Variants.Length; i++)
            {
                var measured = await Measure(inputs, Variants[i]);
                if (round >= 0 && !(least[i]?.Us <= measured.Us))
                    least[i] = measured;
            }
        }

        Print(inputs, [.. least.Select(l => l!.Value)]);
    }

    private static async Task<(double Us, long Calls, long Judged)> Measure(Inputs inputs, Variant variant)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-bench-").FullName;
        try
        {
            string[] seats = [.. Enumerable.Range(1, variant.Seats).Select(n => $"seat-{n}")];
            var spec = Campaigns.Spec("judges", inputs, inputs.Sample, Campaigns.Domains) with
            {
                FaultRate = 0,
                Thoughts = variant.Thoughts,
                Roles = new()
                {
                    Human = "bench",
                    Agent = "bench",
                    Judges = [.. seats.Select(s => (SeatSpec)s)],
                    Committee = seats.Length == 0 ? null : new() { Blueprints = variant.Tasks },
                },
            };
            var calls = new Calls();
            var setup = Campaigns.Setups().For(spec);
            setup = setup with
            {
                Human = new CountedModel(setup.Human, calls),
                Agent = new CountedModel(setup.Agent, calls),
                Judges = [.. seats.Select(s => new JudgeSeat(s, new AgreeingJudge(calls)))],
                Prompts = new PackFolders(null).PromptsOf(spec),
            };
            var host = new CampaignHost(new Fixed(setup), new(folder, spec.RunId, new ParquetShards(), new()), TimeProvider.System);
            var gauge = Gauge.Start();
            var status = await host.Run(spec, new(inputs.Concurrency), _ => { }, CancellationToken.None);
            var cost = gauge.Stop();
            if (status.Error is { } error)
                throw new InvalidOperationException(error);
            return (cost.Cpu.TotalMicroseconds / (calls.Turns + calls.Votes), calls.Turns, calls.Votes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(Inputs inputs, (double Us, long Calls, long Judged)[] least)
    {
        Console.WriteLine($"  {"with", -32} {"turns", 8} {"votes", 8} {"CPU us a call", 14} {"beside", 7} {"CPU us a dialogue", 18}");
        for (var i = 0; i < least.Length; i++)
        {
            var (us, turns, votes) = least[i];
            Console.WriteLine(
                $"  {Variants[i].Name, -32} {turns, 8} {votes, 8} {us, 14:0.0} {us / least[0].Us, 6:0.00}x "
                    + $"{us * (turns + votes) / inputs.Sample, 18:0}"
            );
        }

        Console.WriteLine($"  aim: at most {Aim:0.00}x a call");
    }

    private sealed record Variant(string Name, bool Thoughts, int Seats, bool Tasks);

    private sealed class Calls
    {
        private long _turns;
        private long _votes;

        public long Turns => Volatile.Read(ref _turns);

        public long Votes => Volatile.Read(ref _votes);

        public void Spoke() => Interlocked.Increment(ref _turns);

        public void Voted() => Interlocked.Increment(ref _votes);
    }

    private sealed class Fixed(RunSetup setup) : IRunSetups
    {
        public RunSetup For(RunSpec spec) => setup;
    }

    private sealed class CountedModel(IChatModel inner, Calls calls) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            calls.Spoke();
            return inner.Respond(request, cancellationToken);
        }
    }

    /// <summary>A judge that finds nothing wrong, whatever 1 and yes mean, and quotes words that stand in almost every dialogue.</summary>
    private sealed class AgreeingJudge(Calls calls) : IStructuredModel
    {
        private const string Evidence = "It points at \"you\", \"the\" and \"to\".";

        public string Name => "bench";

        public ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            calls.Voted();
            var isSwapped = request.Key.Part.EndsWith("swapped", StringComparison.Ordinal);
            var answer = Json.Map();
            foreach (var field in request.Schema["required"].Items.Select(f => f.Text!))
            {
                answer = answer.With(
                    field,
                    field.EndsWith("evidence", StringComparison.Ordinal) ? Evidence
                        : field == "answer" ? (isSwapped ? "no" : "yes")
                        : isSwapped ? 0
                        : 1
                );
            }

            var problem = request.Problem(answer);
            var call = new ModelCall(request.Key.Role, Name, new Usage(0, 0, 0, 0), null, 0);
            return new(new StructuredResponse(problem is null ? answer : null, problem, [call]));
        }
    }
}
