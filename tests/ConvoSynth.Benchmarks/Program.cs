using ConvoSynth.Benchmarks;
using ConvoSynth.Benchmarks.Sections;

(string Name, Func<Inputs, Task> Run)[] sections =
[
    ("environment", EnvironmentSection.Run),
    ("stages", StagesSection.Run),
    ("checks", ChecksSection.Run),
    ("long-dialogues", LongDialoguesSection.Run),
    ("end-to-end", EndToEndSection.Run),
    ("judges", JudgesSection.Run),
    ("in-flight", InFlightSection.Run),
    ("grains", GrainsSection.Run),
    ("journal", JournalSection.Run),
    ("parquet", ParquetSection.Run),
    ("review", ReviewSection.Run),
    ("export", ExportSection.Run),
];

Inputs inputs;
try
{
    inputs = Inputs.Read(args, [.. sections.Select(s => s.Name)]);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 1;
}

Machine.Print();
foreach (var (name, run) in sections)
{
    if (!inputs.Sections.Contains(name))
        continue;
    Console.WriteLine();
    Console.WriteLine($"== {name}");
    await run(inputs);
}

return 0;
