using System.CommandLine;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth submit SPEC</c>: begins a run on a cluster and returns.</summary>
internal static class SubmitCommand
{
    private static readonly Argument<string> Spec = new("spec") { Description = "The run spec (YAML), as of generate --spec." };
    private static readonly Option<string?> Run = new("--run")
    {
        Description = "The run's id, and the name of its folder (default: the name of the spec file).",
    };

    public static Command Create()
    {
        var command = new Command(
            "submit",
            "Begin a run on a cluster and return. Every silo is asked first; if one cannot play the run, nothing begins. Options given "
                + "here win over the spec."
        )
        {
            Spec,
            Run,
            PreparedRun.Model,
            PreparedRun.NoProbe,
            PreparedRun.Resume,
            ClusterOptions.Required,
            ClusterOptions.Runs,
            CommonOptions.Packs,
        };
        RunValues.AddTo(command);
        command.SetWork(Submit);
        return command;
    }

    private static async Task<int> Submit(ParseResult parsed, CancellationToken cancellationToken)
    {
        var cluster = parsed.GetRequiredValue(ClusterOptions.Required);
        var access = ClusterAccess.Of(cluster, parsed.GetValue(ClusterOptions.Runs));
        var file = parsed.GetRequiredValue(Spec);
        await using var client = await access.Connect(cancellationToken);
        var runId = parsed.GetValue(Run) ?? Path.GetFileNameWithoutExtension(file);
        var prepared = PreparedRun.Of(parsed, runId, file, cluster);
        var count = await new ClusterSubmission(access, client).Submit(parsed, prepared, cancellationToken);
        Console.WriteLine($"{runId} is submitted: {count} dialogues; watch it with convosynth status {runId} --watch");
        return 0;
    }
}
