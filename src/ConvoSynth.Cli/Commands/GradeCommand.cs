using System.CommandLine;
using System.Text.Json;
using ConvoSynth.Serve.Grading;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth grade FILE --env RUN|PACK</c>: the rewards of finished rollouts.</summary>
internal static class GradeCommand
{
    private static readonly Argument<string> Rollouts = new("file")
    {
        Description = "JSON lines of rollouts: OpenAI messages, NeMo Gym's responses or OpenEnv's results, each with its task_id.",
    };

    private static readonly Option<string> Env = new("--env")
    {
        Description = "What env serve was given: a run folder, or a pack by name or folder.",
        Required = true,
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The file for one line of JSON a rollout: its reward, why it is excluded, and each check (default: none).",
    };

    public static Command Create()
    {
        var command = new Command("grade", "Execute finished rollouts again in the environment of their tasks, and give them rewards.")
        {
            Rollouts,
            Env,
            Out,
            CommonOptions.Json,
        };
        EnvironmentArguments.AddTo(command);
        command.SetWork(Grade);
        return command;
    }

    private static async Task<int> Grade(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(Rollouts);
        if (!File.Exists(path))
            throw new CommandException($"the file {path} does not exist");
        var options = EnvironmentArguments.Of(parsed, parsed.GetRequiredValue(Env));
        using var grader = await Grader.Load(options, EnvironmentArguments.RewardOf(parsed), cancellationToken);
        var summary = parsed.GetValue(Out) is { } file
            ? await WriteTo(grader, path, file, cancellationToken)
            : await grader.Grade(path, TextWriter.Null, cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(summary, JsonSerializerOptions.Web));
            return 0;
        }

        Console.WriteLine(
            $"{path}: {summary.Rollouts} rollouts: {summary.Solved} have reward 1, {summary.Failed} have 0, {summary.Excluded} are excluded"
        );
        if (summary.Told > 0)
            Console.WriteLine($"the file tells a reward of {summary.Told}; {summary.Differ} have another here");
        return 0;
    }

    // A file that has its name is whole.
    private static async Task<GradeSummary> WriteTo(Grader grader, string path, string file, CancellationToken cancellationToken)
    {
        var partial = $"{file}.partial";
        try
        {
            GradeSummary summary;
            await using (var writer = new StreamWriter(partial))
                summary = await grader.Grade(path, writer, cancellationToken);
            File.Move(partial, file, overwrite: true);
            return summary;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
