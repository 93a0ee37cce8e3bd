using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Export;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Serve.Audits;

/// <summary>What to audit.</summary>
/// <param name="Path">A file, or a folder of files.</param>
/// <param name="Out">The folder for the repaired set; null for none.</param>
public sealed record AuditRequest(string Path, RecordForm Form, Pack Pack, string? Out);

/// <summary>
/// Executes another program's dialogues again in a pack's environment, and tells what does not hold. A record is repaired only if every
/// finding in it has a certain repair and the repaired record holds.
/// </summary>
public sealed class DatasetAudit
{
    // So many findings of a kind are kept; all are counted.
    private const int Kept = 1000;

    private readonly AuditRequest _request;
    private readonly Blueprint _task;
    private readonly Dictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly List<AuditFinding> _findings = [];
    private long _records;
    private long _held;
    private long _repaired;
    private long _calls;

    private DatasetAudit(AuditRequest request)
    {
        _request = request;
        _task = ForeignTask.AsBlueprint(request.Pack, new("audit", [], [], null), "");
    }

    /// <exception cref="ExportException">There is no such file, it cannot be read, or the folder cannot be made.</exception>
    public static AuditReport Run(AuditRequest request, CancellationToken cancellationToken) =>
        new DatasetAudit(request).Run(cancellationToken);

    private AuditReport Run(CancellationToken cancellationToken)
    {
        var files = RecordSource.FilesOf(_request.Path);
        using var output = _request.Out is { } folder ? new OutputFolder(folder) : null;
        foreach (var file in files)
        {
            using var into = output?.Create(NameOf(file));
            foreach (var (number, record) in RecordSource.Numbered(file))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Audit(file, number, record) is { } kept)
                    into?.Write(Encoding.UTF8.GetBytes(kept + "\n"));
            }
        }

        if (_records == 0)
            throw new ExportException($"{_request.Path} holds no record");
        var report = new AuditReport(
            _request.Pack.Name,
            _request.Form.Name,
            files,
            _records,
            _held,
            _repaired,
            _calls,
            _dropped,
            AuditKinds.All.Where(k => _kinds.ContainsKey(k.Name)).ToDictionary(k => k.Name, k => _kinds[k.Name], StringComparer.Ordinal),
            _findings
        );
        if (output is null)
            return report;
        using (var told = output.Create(AuditReport.FileName))
            told.Write(Encoding.UTF8.GetBytes(report.ToJson() + "\n"));
        output.Publish();
        return report;
    }

    // Returns the record as it may stay; null if it is dropped.
    private string? Audit(string file, int number, JsonElement element)
    {
        _records++;
        var text = element.GetRawText();
        var record = JsonNode.Parse(text);
        var task = TaskOf(element) ?? _task;
        var (findings, calls) = RecordAudit.Of(_request.Pack, task, _request.Form, record);
        _calls += calls;
        if (findings.Count == 0)
        {
            _held++;
            return OneLine(text, record);
        }

        foreach (var finding in findings)
        {
            var count = _kinds[finding.Kind] = _kinds.GetValueOrDefault(finding.Kind) + 1;
            if (count <= Kept)
                _findings.Add(new(finding.Kind, file, number, finding.Field, finding.What));
        }

        if (findings.FirstOrDefault(f => f.Repair is null) is { } uncertain)
            return Drop(uncertain.Kind);
        foreach (var finding in findings)
            finding.Repair!();
        if (RecordAudit.Of(_request.Pack, task, _request.Form, record).Findings is [var left, ..])
            return Drop($"{left.Kind} after the repair");
        _repaired++;
        return record!.ToJsonString(JsonText.NodeOptions);
    }

    // A row of a run has its task, which may begin with changes of the database or grant a clause of the policy.
    private Blueprint? TaskOf(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty("blueprint"u8, out var cell))
            return null;
        try
        {
            var text = cell.ValueKind == JsonValueKind.String ? cell.GetString()! : cell.GetRawText();
            var task = JsonSerializer.Deserialize(text, Core.CoreJson.Readable.Blueprint);
            return task?.Domain == _request.Pack.Name ? task : null;
        }
        catch (JsonException)
        {
            // Another program's field of that name.
            return null;
        }
    }

    private string? Drop(string reason)
    {
        _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
        return null;
    }

    // What holds keeps its bytes, unless they are over several lines.
    private static string OneLine(string text, JsonNode? record) =>
        text.Contains('\n', StringComparison.Ordinal) ? record!.ToJsonString(JsonText.NodeOptions) : text;

    private string NameOf(string file)
    {
        var name = File.Exists(_request.Path) ? Path.GetFileName(file) : Path.GetRelativePath(_request.Path, file);
        return Path.ChangeExtension(name, ".jsonl");
    }
}
