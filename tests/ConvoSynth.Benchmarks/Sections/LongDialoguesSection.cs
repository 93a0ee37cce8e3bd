using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>
/// What a turn costs late in a long dialogue, with early stop on: a dialogue five times as long must cost no more than five times as much.
/// </summary>
internal static class LongDialoguesSection
{
    private const int Short = 40;
    private const int Long = 200;
    private const int Pairs = 5;

    public static Task Run(Inputs inputs)
    {
        foreach (var domain in Campaigns.Domains)
        {
            var setup = Campaigns.Setups().For(Campaigns.Spec($"long-{domain}", inputs, 1, domain));
            var pack = setup.Packs[domain];
            var blueprint = setup.Blueprints.Make(0, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var read = pack.Tools.All.First(t => t is { Kind: ToolKind.Read, Parameters.Count: 1 });
            var ratios = new double[Pairs];
            // The first pair warms up.
            for (var pair = -1; pair < Pairs; pair++)
            {
                var few = Play(pack, blueprint, read, Short, inputs.Sample / 4);
                var many = Play(pack, blueprint, read, Long, inputs.Sample / 4);
                if (pair >= 0)
                    ratios[pair] = many / few;
                if (pair == Pairs - 1)
                    Console.WriteLine($"{domain}: us a dialogue of {Short} turns {few:0}, of {Long} turns {many:0}");
            }

            Array.Sort(ratios);
            Console.WriteLine(
                $"{domain}: CPU of {Long} turns over {Short}, {Pairs} pairs: "
                    + $"median {ratios[Pairs / 2]:0.00} x ({ratios[0]:0.00}-{ratios[^1]:0.00})"
            );
        }

        return Task.CompletedTask;
    }

    // Human and agent take turns; every agent turn is a call or words, all of them different, so that no loop ends the dialogue.
    private static double Play(Pack pack, Blueprint blueprint, ToolSpec read, int turns, int dialogues)
    {
        var gauge = Gauge.Start();
        for (var dialogue = 0; dialogue < dialogues; dialogue++)
        {
            var session = new DialogueSession(
                pack,
                blueprint,
                new() { Messages = 10 * turns, CallsInARow = 10 },
                earlyStop: EarlyStopChecks.Of(pack)
            );
            for (var turn = 0; turn < turns; turn += 2)
            {
                session.HumanSaid(Response(Message.User($"And what about number {turn}?")));
                session.AgentSaid(Response(Message.Calls(new ToolCall($"call{turn}", read.Name, Arguments(read, turn)))));
                session.AgentSaid(Response(Message.Assistant($"There is nothing under number {turn}.")));
                if (session.Next != NextTurn.Human)
                    throw new InvalidOperationException($"the dialogue ended at turn {turn}: {session.Finish().StopReason}");
            }
        }

        return gauge.Stop().Cpu.TotalMicroseconds / dialogues;
    }

    private static string Arguments(ToolSpec read, int turn) => Json.Map((read.Parameters[0].Name, $"X{turn}")).ToString();

    private static ModelResponse Response(Message message) => new() { Message = message, Model = "bench" };
}
