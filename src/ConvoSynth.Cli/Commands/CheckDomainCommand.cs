using System.CommandLine;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth check-domain</c>: compares a pack's environment with another environment of the same domain.</summary>
internal static class CheckDomainCommand
{
    private const int Shown = 20;
    private const int Quoted = 300;

    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: the database that the tasks were run on.",
    };
    private static readonly Option<string> Tasks = new("--tasks")
    {
        Description = "A JSON file of tasks: gold calls with their observations and changes.",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command(
            "check-domain",
            "Run the gold calls of foreign tasks on a pack and compare every observation and the final state."
        )
        {
            Domain,
            Data,
            Tasks,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(Check(parsed)));
        return command;
    }

    private static int Check(ParseResult parsed)
    {
        var file = CommonOptions.ExistingFile(parsed.GetRequiredValue(Tasks), "--tasks");
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs))
            .Load(parsed.GetRequiredValue(Domain), parsed.GetValue(Data))
            .AsBenchmark();
        var tasks = TaskFile.Read(file);
        if (tasks.Count == 0)
            throw new CommandException($"{file} holds no task");
        var result = DomainCheck.Run(pack, tasks);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(result.ToJson().ToString());
        else
            Print(result, [.. tasks.SelectMany(t => t.Actions)]);
        return result.Matched == result.Total ? 0 : 1;
    }

    private static void Print(DomainCheckResult result, CheckedAction[] calls)
    {
        Console.WriteLine($"{result.Matched}/{result.Total} tasks match; {result.Vacuous} are vacuous: doing nothing would pass them");
        if (calls.Count(c => c.Observation is not null) is var told && told < calls.Length)
            Console.WriteLine(
                $"{told} of {calls.Length} gold calls have an observation to compare with; "
                    + "of the others only the final state is compared, where the file has it"
            );
        foreach (var task in result.Tasks.Where(t => !t.Matched).Take(Shown))
        {
            Console.WriteLine($"task {task.Id}");
            foreach (var mismatch in task.Mismatches)
            {
                Console.WriteLine($"  {(mismatch.Step is { } step ? $"call {step}, " : "")}{mismatch.Where}: {mismatch.What}");
                if (mismatch.Expected is { } expected)
                    Console.WriteLine($"    expected  {Cut(expected)}");
                if (mismatch.Actual is { } actual)
                    Console.WriteLine($"    here      {Cut(actual)}");
            }
        }

        var more = result.Total - result.Matched - Shown;
        if (more > 0)
            Console.WriteLine($"and {more} more tasks; --json shows all");
    }

    private static string Cut(string text) => VisibleText.Of(text.Length <= Quoted ? text : text[..Quoted] + "…");
}
