using System.Security.Cryptography;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.ByHand;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Blueprints of a file of tasks by hand, in round-robin order; each round words a task anew.</summary>
public sealed class ByHandBlueprints : IBlueprintSource
{
    private readonly IReadOnlyList<TaskByHand> _tasks;
    private readonly TaskByHandMaking _making;
    private readonly Seed _seed;

    private ByHandBlueprints(IReadOnlyList<TaskByHand> tasks, TaskByHandMaking making, Seed seed, string hash)
    {
        _tasks = tasks;
        _making = making;
        _seed = seed;
        Hash = hash;
    }

    public int Tasks => _tasks.Count;

    /// <summary>SHA-256 of the file, in lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>Reads the tasks of a spec and makes each once, so that a task without a blueprint is refused before the run.</summary>
    /// <param name="content">The bytes of the file that the spec names.</param>
    /// <exception cref="BlueprintException">The file has errors; the message names each line.</exception>
    public static ByHandBlueprints Read(RunSpec spec, Pack pack, byte[] content)
    {
        var file = spec.Blueprints!;
        var made = new ByHandBlueprints(
            TaskByHandReading.Read(pack, file, content),
            new(pack),
            new((ulong)spec.Seed),
            Convert.ToHexStringLower(SHA256.HashData(content))
        );
        var faults = new List<string>();
        for (var i = 0; i < made.Tasks; i++)
        {
            try
            {
                made.At(i);
            }
            catch (BlueprintException e)
            {
                faults.Add(e.Message);
            }
        }

        return faults.Count == 0 ? made : throw new BlueprintException(string.Join("\n  ", faults));
    }

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) => new(At(index));

    private Blueprint At(long index) =>
        _making.Make(_tasks[(int)(index % _tasks.Count)], _seed.For("by-hand").For(index)) with
        {
            Index = index,
        };
}
