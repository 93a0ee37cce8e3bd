using System.Collections.Concurrent;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>
/// What the probes of one test do, by step name, and a log of what they did. Its number is part of their keys: tests share a runtime, but
/// not grains.
/// </summary>
public sealed class Script(int number)
{
    private readonly ConcurrentDictionary<string, int> _constructed = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Func<Probe, CancellationToken, Task<string>>> Steps { get; } =
        new(StringComparer.Ordinal)
        {
            ["name"] = (probe, _) => Task.FromResult(probe.Name),
            ["number"] = (probe, _) => Task.FromResult(probe.Number.ToString()),
            ["end"] = (probe, _) =>
            {
                probe.EndWhenIdle();
                return Task.FromResult("ending");
            },
        };

    public Action<Probe> OnConstruct { get; set; } = _ => { };

    public Func<Probe, CancellationToken, Task> OnActivate { get; set; } = (_, _) => Task.CompletedTask;

    public Func<Probe, DeactivationReason, CancellationToken, Task> OnDeactivate { get; set; } = (_, _, _) => Task.CompletedTask;

    public Log Log { get; } = new();

    public string Key(string name) => $"{number}/{name}";

    /// <summary>Counts the activations of a key, from 1.</summary>
    public int Constructed(string key) => _constructed.AddOrUpdate(key, 1, (_, n) => n + 1);

    /// <summary>Defines a step that logs its start, waits until the gate opens, and logs its end.</summary>
    public TaskCompletionSource Gate(string step)
    {
        var gate = new TaskCompletionSource();
        Steps[step] = async (_, _) =>
        {
            Log.Add($"{step} begins");
            await gate.Task;
            Log.Add($"{step} ends");
            return step;
        };
        return gate;
    }

    /// <summary>Defines a step that logs its name.</summary>
    public void Note(string step) =>
        Steps[step] = (_, _) =>
        {
            Log.Add(step);
            return Task.FromResult(step);
        };
}

/// <summary>The scripts of the tests on one runtime: a probe finds its script by its key.</summary>
public sealed class Scripts
{
    private readonly ConcurrentDictionary<int, Script> _scripts = new();
    private int _last;

    public Script New()
    {
        var number = Interlocked.Increment(ref _last);
        return _scripts[number] = new(number);
    }

    public Script Of(string key) => _scripts[int.Parse(key[..key.IndexOf('/')])];
}
