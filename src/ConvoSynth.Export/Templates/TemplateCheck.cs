using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

/// <summary>What to render, and by which templates.</summary>
/// <param name="Path">A file of rows, or a folder of such files; null for the matrix alone.</param>
/// <param name="Parsed">Whether the trainer parses arguments that are texts, and drops nulls, before it renders.</param>
/// <param name="Matrix">Whether to try each form of a call.</param>
public sealed record TemplateRequest(string? Path, IReadOnlyList<string> Templates, bool Parsed, bool Matrix);

/// <summary>Renders rows by chat templates, and finds each call, argument, observation and tool again in the text.</summary>
public static class TemplateCheck
{
    // Rows in memory at a time; templates take a batch side by side.
    private const int Batch = 64;

    /// <exception cref="ExportException">A file is missing or is no template, no row is there, or the program has no engine.</exception>
    public static TemplateReport Run(TemplateRequest request, CancellationToken cancellationToken)
    {
        TemplateFile[] files = [.. request.Templates.SelectMany(TemplatesIn).Select(TemplateFile.Read)];
        var engines = new List<TemplateEngine>();
        try
        {
            var tallies = files
                .Select(f =>
                {
                    engines.Add(new());
                    return new TemplateTally(new(engines[^1], f));
                })
                .ToArray();
            var rows = request.Path is { } path ? Rows(path) : [];
            foreach (var batch in rows.Chunk(Batch))
            {
                Parallel.ForEach(
                    tallies,
                    new() { CancellationToken = cancellationToken },
                    tally =>
                    {
                        foreach (var (file, number, record) in batch)
                        {
                            cancellationToken.ThrowIfCancellationRequested();
                            tally.Take(file, number, record, request.Parsed);
                        }
                    }
                );
            }

            if (request.Path is not null && tallies.Any(t => t.Result.Rows == 0))
                throw new ExportException($"{request.Path} holds no row");
            return new(
                request.Path is null ? [] : [.. tallies.Select(t => t.Result)],
                request.Matrix
                    ? tallies.ToDictionary(t => t.Template.File.Path, t => TemplateMatrix.Of(t.Template), StringComparer.Ordinal)
                    : new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
            );
        }
        finally
        {
            engines.ForEach(e => e.Dispose());
        }
    }

    private static IEnumerable<string> TemplatesIn(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.jinja").Order(StringComparer.Ordinal) : [path];

    private static IEnumerable<(string, int, JsonElement)> Rows(string path) =>
        RecordSource.FilesOf(path).SelectMany(f => RecordSource.Numbered(f).Select(r => (f, r.Number, r.Record)));
}
