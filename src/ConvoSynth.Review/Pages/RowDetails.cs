using ConvoSynth.Core;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Pages;

public sealed record ShownVote(string Judge, string Answer, string? Evidence);

public sealed record ShownVerdict(string Name, string Outcome, string Fault, int? Message, string Evidence, IReadOnlyList<ShownVote> Votes);

/// <summary>One cell of the database, in the accepted end state that comes closest and in the dialogue.</summary>
public sealed record ShownChange(string Path, string? Gold, string? Actual)
{
    public bool IsSame => Gold == Actual;
}

/// <summary>A row as a page shows it.</summary>
public sealed record RowDetails(
    ShardRow Row,
    string? Persona,
    IReadOnlyList<ShownMessage> Messages,
    IReadOnlyList<ShownVerdict> Verdicts,
    IReadOnlyList<AlignedCall> Calls,
    IReadOnlyList<ShownChange> Changes,
    IReadOnlyList<string> Expected
)
{
    /// <param name="hidesVerdicts">Whether nothing that follows from a verdict is among the details.</param>
    public static RowDetails Of(ShardRow row, bool hidesVerdicts = false)
    {
        var blueprint = RowJson.Cell(row.Blueprint);
        ShownVerdict[] verdicts = hidesVerdicts ? [] : [.. row.Verdicts.Select(v => VerdictOf(RowJson.Cell(v)))];
        var messages = ShownMessages.Of(row, verdicts, hidesVerdicts);
        var actual = messages.SelectMany(m => m.Calls.Select(c => new ShownCall(c.Name, c.Arguments, m.Number)));
        var gold = blueprint["actions"].Items.Select(a => new ShownCall(a["tool"].Text ?? "", CallAlignment.Text(a["arguments"]), null));
        return new(
            row,
            blueprint["persona"]["name"].Text is { } name ? $"{name}: {blueprint["persona"]["manner"].Text}" : null,
            messages,
            verdicts,
            CallAlignment.Of([.. gold], [.. actual]),
            ChangesOf(RowJson.Cell(row.AcceptedEndStates), RowJson.Cell(row.StateDiff)),
            [
                .. blueprint["outputs"].Items.Select(o => $"told: {o["label"].Text} = {Value(o["value"])}"),
                .. blueprint["refusals"].Items.Select(r => $"refused: {r["tool"].Text}, clause {r["clause"].Text}: {r["reason"].Text}"),
            ]
        );
    }

    private static ShownVerdict VerdictOf(Json verdict) =>
        new(
            $"{verdict["stage"].Text}.{verdict["check"].Text}",
            verdict["outcome"].Text ?? "",
            verdict["fault"].Text ?? "none",
            (int?)verdict["message"].Number,
            verdict["evidence"].Text ?? "",
            [.. verdict["votes"].Items.Select(v => new ShownVote(v["judge"].Text ?? "", v["answer"].Text ?? "", v["evidence"].Text))]
        );

    private static IReadOnlyList<ShownChange> ChangesOf(Json states, Json diff)
    {
        var actual = CellsOf(diff);
        IReadOnlyList<ShownChange>? closest = null;
        foreach (var state in states.Items)
        {
            var gold = CellsOf(state["diff"]);
            ShownChange[] changes =
            [
                .. gold
                    .Keys.Union(actual.Keys)
                    .Order(StringComparer.Ordinal)
                    .Select(path => new ShownChange(path, gold.GetValueOrDefault(path), actual.GetValueOrDefault(path))),
            ];
            if (closest is null || changes.Count(c => !c.IsSame) < closest.Count(c => !c.IsSame))
                closest = changes;
        }

        return closest ?? [.. actual.Select(a => new ShownChange(a.Key, null, a.Value))];
    }

    private static Dictionary<string, string> CellsOf(Json diff)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in diff["changes"].Items)
            cells[string.Join('/', change["path"].Items.Select(p => p.Text))] =
                change is JsonMap map && map.TryGet("after", out var after) ? Value(after) : "(removed)";
        return cells;
    }

    private static string Value(Json value) => value.Text ?? value.ToString();
}
