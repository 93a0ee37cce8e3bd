using System.Text;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;
using ConvoSynth.Export.Pairs;
using ConvoSynth.Export.Tasks;

namespace ConvoSynth.Export.Exports;

/// <summary>Writes the rows of runs in a trainer's own format, with what was lost on the way.</summary>
public static class Exporter
{
    private static readonly IReadOnlyList<PairFormat> PairFormats = [new TrlPairs(), new OpenAiPairs(), new LlamaFactoryPairs()];

    private static readonly IReadOnlyList<TaskFormat> TaskFormats = [new RlTasks(), new NemoGymTasks()];

    /// <summary>All formats by name, each with who reads it, in the order of the help.</summary>
    public static IReadOnlyList<(string Name, string About)> Formats { get; } =
    [.. ExampleFormats.All.Cast<ExportFormat>().Concat(PairFormats).Concat(TaskFormats).Select(format => (format.Name, format.About))];

    /// <summary>Makes the export. Its folder gets its name at the end: a failed or stopped export leaves nothing.</summary>
    /// <exception cref="ExportException">There is no such format, nothing passes the filter, or the folder is in use.</exception>
    /// <exception cref="Runs.ShardException">A shard is missing or damaged.</exception>
    public static ExportReport Export(ExportRequest request, CancellationToken cancellationToken)
    {
        if ((request.Splits.Problem() ?? request.Selection.Problem() ?? request.Limit?.Problem()) is { } problem)
            throw new ExportException(problem);
        var pairs = PairFormats.FirstOrDefault(format => format.Name == request.Format);
        var examples = ExampleFormats.All.FirstOrDefault(format => format.Name == request.Format);
        var tasks = TaskFormats.FirstOrDefault(format => format.Name == request.Format);
        if (pairs is null && examples is null && tasks is null)
            throw new ExportException(
                $"--to {request.Format}: there is no such format; there are {string.Join(", ", Formats.Select(format => format.Name))}"
            );
        using var output = new OutputFolder(request.Out);
        var report =
            pairs is not null ? PairExport.Write(request, pairs, output, cancellationToken)
            : tasks is not null ? TaskExport.Write(request, tasks, output, cancellationToken)
            : ExampleExport.Write(request, examples!.By(request.Template), output, cancellationToken);
        output.Write(OutputFolder.ReportName, report.ToJson() + "\n");
        output.Publish();
        return report;
    }

    internal static string Writer { get; } = $"convosynth {typeof(Exporter).Assembly.GetName().Version!.ToString(3)}";

    internal static void WriteCompanions(ExportFormat format, OutputFolder output, IReadOnlyList<string> splits, bool eachTurn)
    {
        foreach (var companion in format.Companions(splits, eachTurn))
            output.Write(companion.Name, companion.Text);
    }

    private static void Write(this OutputFolder output, string name, string text)
    {
        using var file = output.Create(name);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
