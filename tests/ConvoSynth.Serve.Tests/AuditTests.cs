using System.Text.Json.Nodes;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Export.Records;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Audits;
using Xunit.Abstractions;

namespace ConvoSynth.Serve.Tests;

/// <summary>Dialogues of real models, audited as they are and with planted damage.</summary>
public sealed class AuditTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Conduct = [AuditKinds.WriteAgainstGuard, AuditKinds.AgainstSchema];

    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RecordedTheory]
    [InlineData("retail", 180, 8, 0)]
    [InlineData("airline", 120, 31, 1)]
    public void Every_recorded_observation_holds_and_only_what_the_agents_did_is_found(string domain, int dialogues, int guards, int schema)
    {
        var report = Audit(domain, Path.Combine(RecordedTheoryAttribute.Folder(domain), "recorded.json"), "tau-bench");

        report.Records.Should().Be(dialogues);
        report.Kinds.Keys.Should().BeSubsetOf(Conduct);
        report.Kinds.GetValueOrDefault(AuditKinds.WriteAgainstGuard).Should().Be(guards);
        report.Kinds.GetValueOrDefault(AuditKinds.AgainstSchema).Should().Be(schema);
        output.WriteLine($"{domain}: {report.Calls} calls, {report.Held} of {report.Records} hold");
    }

    [RecordedTheory]
    [InlineData("retail", 45)]
    [InlineData("airline", 55)]
    public void Each_planted_corruption_is_found_at_its_line_and_field(string domain, int count)
    {
        var random = new Seed(11).For(domain).Random();
        var clean = Clean(domain);
        var planted = new List<(string Kind, string Field)>();
        var lines = new List<string>();
        foreach (var corruption in Corruption.All)
        {
            for (var made = 0; made < 5; )
            {
                var messages = random.Pick(clean).DeepClone().AsArray();
                if (corruption.Plant(messages, random) is not { } field)
                    continue;
                made++;
                planted.Add((corruption.Kind, field));
                lines.Add(new JsonObject { ["messages"] = messages }.ToJsonString());
            }
        }

        foreach (var call in domain == "airline" ? Forbidden(domain).Take(10) : [])
        {
            var messages = random.Pick(clean).DeepClone().AsArray();
            var place = messages.Count - 1;
            messages.Insert(place, Message(call));
            messages.Insert(
                place + 1,
                new JsonObject
                {
                    ["role"] = "tool",
                    ["tool_call_id"] = "planted",
                    ["content"] = call.Result.Text,
                }
            );
            planted.Add((AuditKinds.WriteAgainstGuard, $"messages[{place}].tool_calls[0].function.arguments"));
            lines.Add(new JsonObject { ["messages"] = messages }.ToJsonString());
        }

        var file = Path.Combine(_folder, "planted.jsonl");
        File.WriteAllLines(file, lines);
        var report = Audit(domain, file, "openai");

        planted.Should().HaveCount(count);
        report.Held.Should().Be(0);
        for (var i = 0; i < planted.Count; i++)
            report.Findings.Should().Contain(f => f.Line == i + 1 && f.Kind == planted[i].Kind && f.Field == planted[i].Field);
        output.WriteLine($"{domain}: {planted.Count} planted, all found; {report.Repaired} repaired");
    }

    [RecordedTheory]
    [InlineData("retail")]
    [InlineData("airline")]
    public void A_repaired_set_holds(string domain)
    {
        var random = new Seed(3).For(domain).Random();
        var lines = new List<string>();
        foreach (var messages in Clean(domain).Take(40).Select(m => m.DeepClone().AsArray()))
        {
            var fields = new[] { "cell", "double" }
                .Select(name => Corruption.All.First(c => c.Name == name).Plant(messages, random))
                .ToArray();
            if (fields.Any(f => f is not null))
                lines.Add(new JsonObject { ["messages"] = messages }.ToJsonString());
        }

        var file = Path.Combine(_folder, "planted.jsonl");
        File.WriteAllLines(file, lines);
        var made = Path.Combine(_folder, "made");
        var report = Audit(domain, file, "openai", made);

        report.Held.Should().Be(0);
        report.Repaired.Should().BePositive();
        (report.Repaired + report.Dropped.Values.Sum()).Should().Be(lines.Count);
        var again = Audit(domain, Path.Combine(made, "planted.jsonl"), "openai");
        again.Records.Should().Be(report.Repaired);
        again.Held.Should().Be(report.Repaired);
        File.Exists(Path.Combine(made, AuditReport.FileName)).Should().BeTrue();
        output.WriteLine($"{domain}: {report.Repaired} of {lines.Count} repaired, {string.Join(", ", report.Dropped)}");
    }

    private static Pack PackOf(string domain) =>
        new PackFolders(RepositoryRoot.At("blueprints")).Load(domain, RecordedTheoryAttribute.Folder(domain)).AsBenchmark();

    private static AuditReport Audit(string domain, string file, string format, string? made = null) =>
        DatasetAudit.Run(new(file, RecordForm.Named(format)!, PackOf(domain), made), CancellationToken.None);

    // The recorded dialogues in which nothing is found.
    private static List<JsonArray> Clean(string domain)
    {
        var file = Path.Combine(RecordedTheoryAttribute.Folder(domain), "recorded.json");
        var found = Audit(domain, file, "tau-bench").Findings.Select(f => f.Line).ToHashSet();
        return
        [
            .. JsonNode.Parse(File.ReadAllText(file))!["dialogues"]!
                .AsArray()
                .Where((_, i) => !found.Contains(i + 1))
                .Select(d => d!["messages"]!.AsArray()),
        ];
    }

    // Cancellations that the tool makes although the policy forbids them.
    private static IEnumerable<TraceCall> Forbidden(string domain)
    {
        var pack = PackOf(domain);
        var task = ForeignTask.AsBlueprint(pack, new("t", [], [], null), "");
        var keys = JsonNode.Parse(File.ReadAllText(Path.Combine(RecordedTheoryAttribute.Folder(domain), "reservations.json")))!.AsObject();
        return keys.Select(k =>
                new ExecutedCalls(pack, task).Execute(
                    new("planted", "cancel_reservation", new JsonObject { ["reservation_id"] = k.Key }.ToJsonString()),
                    0,
                    1
                )
            )
            .Where(c => c.Wrote && c.Broken.Count > 0);
    }

    private static JsonObject Message(TraceCall call) =>
        new()
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = call.Call.Id,
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = call.Call.Name, ["arguments"] = call.Call.Arguments },
                }
            ),
        };
}
