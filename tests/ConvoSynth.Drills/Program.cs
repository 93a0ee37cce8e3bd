using ConvoSynth.Drills;

(string Name, Func<Settings, Task<bool>> Run)[] drills =
[
    ("load", LoadDrill.Run),
    ("quota", QuotaDrill.Run),
    ("failures", FailureDrill.Run),
    ("budget", BudgetDrill.Run),
    ("poison", PoisonDrill.Run),
    ("kills", KillDrill.Run),
    ("objects", ObjectDrill.Run),
    ("cluster", ClusterDrill.Run),
    ("serve", ServeDrill.Run),
];

Settings settings;
try
{
    settings = Settings.Read(args, [.. drills.Select(d => d.Name)]);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 1;
}

var met = true;
foreach (var (name, run) in drills)
{
    if (!settings.Drills.Contains(name))
        continue;
    Console.WriteLine($"== {name}");
    met &= await run(settings);
}

return met ? 0 : 1;
