using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Runs.Tests.Calibrations;

/// <summary>A calibration of scripted judges over HTTP.</summary>
internal static class CalibrationRun
{
    private static readonly PackFolders Folders = new(RepositoryRoot.At("blueprints"));

    // Loaded once: a pack takes a second.
    private static readonly Lazy<LoadedPack> Library = new(() => LoadedPack.Of(Folders.Load("library")));

    public static async Task<CalibrationReport> Of(int dialogues, double together, params string[] judges) =>
        (await Of(dialogues, together, null, judges)).Report;

    /// <returns>The report, and how many requests the server got.</returns>
    public static async Task<(CalibrationReport Report, long Requests)> Of(
        int dialogues,
        double together,
        IJournal? journal,
        params string[] judges
    )
    {
        await using var server = await EndpointServer.Start(
            new() { Judges = JudgeConducts.Parse(judges, together) },
            (_, _) => Library.Value,
            [],
            TimeProvider.System,
            CancellationToken.None
        );
        var report = await new JudgeCalibration(Folders, TimeProvider.System) { Journal = journal }.Run(
            Spec(server.Url, [.. judges.Select(j => j.Split('=')[0])]),
            new(dialogues, Seed: 11, Concurrency: 32),
            CancellationToken.None
        );
        return (report, (long)Json.Parse(server.Stats)["requests"].Number!.Value);
    }

    public static RunSpec Spec(Uri server, ImmutableArray<string> seats) =>
        new()
        {
            RunId = "judged",
            Domains = ["library"],
            Count = 1,
            Seed = 1,
            Model = RunSpec.OnEndpoints,
            Endpoints = [Endpoint("talks", server), .. seats.Select(s => Endpoint(s, server))],
            Roles = new()
            {
                Human = "talks",
                Agent = "talks",
                Judges = [.. seats.Select(SeatSpec.FromString)],
                Committee = new(),
            },
        };

    // A second is enough for a server in this process; a judge that hangs costs it five times.
    private static EndpointSpec Endpoint(string name, Uri server) =>
        new()
        {
            Name = name,
            Provider = EndpointProvider.OpenAICompatible,
            Model = $"model-of-{name}",
            Account = name,
            Url = new Uri(server, "v1").ToString(),
            Rehearsal = true,
            TimeoutSeconds = name == "hangs" ? 1 : 120,
            Retries = name == "hangs" ? 0 : 2,
            Price = new(1, 4),
        };
}
