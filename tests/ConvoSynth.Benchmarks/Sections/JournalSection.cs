using System.Globalization;
using System.IO.Compression;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Hosting;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>The cost of making each answer durable before it is used.</summary>
internal static class JournalSection
{
    private const int Callers = 2_000;
    private const int CallsEach = 40;

    public static async Task Run(Inputs inputs)
    {
        foreach (var partitions in new[] { 1, 4 })
            await Appends(inputs, partitions);
        var record = Encoding.UTF8.GetBytes(Body(new Seed(1).For("record").Random()));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  a body has {record.Length} B; alone through brotli at its fastest {Brotli(record)} B"
            )
        );
    }

    private static async Task Appends(Inputs inputs, int partitions)
    {
        var path = inputs.Out ?? Directory.CreateTempSubdirectory("convosynth-bench-").FullName;
        var folders = new RunFolders(Path.Combine(path, $"journal-{partitions}"), "journal", new ParquetShards(), new());
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder
            .Services.AddSingleton(TimeProvider.System)
            .AddSingleton<IRunFolders>(folders)
            .AddSingleton<IRunCatalog>(new KnownRuns(Campaigns.Setups()));
        using var port = SiloPort.Take();
        builder.AddLocalSilo(port);
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        GrainJournal[] journals =
        [
            .. Enumerable.Range(0, partitions).Select(p => new GrainJournal(grains, "journal", p, 1, TimeProvider.System)),
        ];
        foreach (var journal in journals)
            await journal.Find(new(new("journal", 0, 0), "agent", 0), "none", CancellationToken.None);
        var bodies = Enumerable.Range(0, 64).Select(i => Body(new Seed((ulong)i).For("body").Random())).ToArray();
        var gauge = Gauge.Start();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Call(journals[i % partitions], i, bodies)));
        var cost = gauge.Stop();
        await host.StopAsync();
        long calls = Callers * CallsEach;
        var bytes = Directory.EnumerateFiles(folders.Folder.Journal).Sum(f => new FileInfo(f).Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{calls} answers from {Callers} at once into the journals of {partitions} partitions: "
                    + $"{calls / cost.Wall.TotalSeconds:0} answers/s, {cost.Cpu.TotalMicroseconds / calls:0.0} µs CPU and "
                    + $"{cost.Bytes / calls} B allocated each, {bytes / calls} B in the file; {cost}"
            )
        );
        gauge = Gauge.Start();
        var found = Enumerable
            .Range(0, partitions)
            .Sum(p => PartitionJournal.Read(new RunFolder(new DiskStorage(), folders.Folder.Path), p).Count);
        Console.WriteLine($"  {found} answers are there when it is read again: {gauge.Stop()}");
        if (inputs.Out is null)
            Directory.Delete(path, recursive: true);
    }

    private static async Task Call(GrainJournal journal, int index, string[] bodies)
    {
        for (var step = 0; step < CallsEach; step++)
        {
            var key = new CallKey(new("journal", index, 0), "agent", step);
            var body = bodies[(index + step) % bodies.Length];
            if (await journal.Find(key, "hash", CancellationToken.None) is null)
                await journal.Append(
                    new()
                    {
                        Key = key,
                        RequestHash = "hash",
                        Body = body,
                        Call = new("agent", "bench", new(2000, 1500, 100, 0), 0.002m, 1.25),
                    },
                    CancellationToken.None
                );
        }
    }

    // Shaped like a chat completion with a tool call.
    private static string Body(SeededRandom random) =>
        $$$"""{"id":"chatcmpl-{{{random.NextBits():x16}}}{{{random.NextBits():x16}}}","object":"chat.completion","created":17"""
        + $$$"""{{{random.Between(10000000, 99999999)}}},"model":"gpt-4.1-2025-04-14","choices":[{"index":0"""
        + ""","message":{"role":"assistant","content":null,"tool_calls":["""
        + $$$"""{"id":"call_{{{random.NextBits():x16}}}","type":"function","function":"""
        + $$$"""{"name":"modify_pending_order_items","arguments":"{\"order_id\":\"#W{{{random.Between(1000000, 9999999)}}}"""
        + $$$"""\",\"item_ids\":[\"{{{random.Between(1000000, 9999999)}}}\",\"{{{random.Between(1000000, 9999999)}}}\"]"""
        + $$$""",\"new_item_ids\":[\"{{{random.Between(1000000, 9999999)}}}\",\"{{{random.Between(1000000, 9999999)}}}\"]"""
        + $$$""",\"payment_method_id\":\"credit_card_{{{random.Between(1000000, 9999999)}}}\"}"}}],"refusal":null,"annotations":[]}"""
        + ""","logprobs":null,"finish_reason":"tool_calls"}]"""
        + $$$""","usage":{"prompt_tokens":{{{random.Between(1000, 9000)}}},"completion_tokens":"""
        + $$$"""{{{random.Between(20, 200)}}},"total_tokens":9000,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0}"""
        + ""","completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0"""
        + $$$""","rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_{{{random.NextBits():x10}}}"}""";

    private static long Brotli(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(bytes);
        return output.Length;
    }
}
