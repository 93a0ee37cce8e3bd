using System.Globalization;
using System.Text.Json;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Replays;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Exchange;

/// <param name="Lines">Lines of the table.</param>
/// <param name="Kept">How many lines said something new.</param>
public sealed record Imported(int Lines, int Kept);

/// <summary>Takes up decisions that another tool wrote. All lines are looked at before the first is kept.</summary>
internal sealed class DecisionImport(RunTables tables, EditedDialogue dialogues, TimeProvider time)
{
    /// <param name="count">How many lines the table has.</param>
    /// <param name="reviewer">The name for lines that give none.</param>
    /// <returns>The decisions that say something new: importing a table twice adds nothing.</returns>
    /// <exception cref="ReviewException">A line is wrong; the message names it.</exception>
    public IReadOnlyList<Decision> Of(string path, string reviewer, Standing standing, out int count)
    {
        var lines = DecisionTable.Read(path);
        count = lines.Count;
        var known = new RunLabels(tables).Known([.. lines.Select(l => l["row"]).OfType<string>()]);
        var decisions = new List<Decision>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i]["row"] is not { } row || !known.Contains(row))
                throw Wrong(i, $"the run has no row {lines[i]["row"] ?? "(empty)"}");
            var decision = DecisionOf(i, row, lines[i], reviewer);
            if (decision.Problem() is { } problem)
                throw Wrong(i, problem);
            if (decision.Turns is { } turns)
                RequirePlayed(i, row, turns);
            if (!Says(standing.Of(row, decision.Reviewer), decision))
                decisions.Add(decision);
        }

        return decisions;
    }

    private Decision DecisionOf(int line, string row, IReadOnlyDictionary<string, string?> values, string reviewer)
    {
        try
        {
            return new()
            {
                Row = row,
                Reviewer = values["reviewer"] ?? reviewer,
                Ruling =
                    Enum.GetValues<Ruling>()
                        .Where(r => r != Ruling.Undo && DecisionTable.TextOf(r) == values["ruling"])
                        .Cast<Ruling?>()
                        .FirstOrDefault()
                    ?? throw new FormatException($"the ruling is \"{values["ruling"]}\"; it must be accept, reject, defer or revise"),
                Fault = values["fault"],
                Tags = values["tags"] is { } tags ? JsonSerializer.Deserialize(tags, DecisionJson.Lines.IReadOnlyListString) ?? [] : [],
                Note = values["note"],
                At = values["at"] is { } at
                    ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                    : time.GetUtcNow(),
                Blind = values["blind"] is { } blind && bool.Parse(blind),
                Turns = values["turns"] is { } turns ? JsonSerializer.Deserialize(turns, DecisionJson.Lines.IReadOnlyListEditedTurn) : null,
            };
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Wrong(line, e.Message);
        }
    }

    private void RequirePlayed(int line, string row, IReadOnlyList<EditedTurn> turns)
    {
        var played = dialogues.Play(tables.Find(row)!, turns);
        if (played.Status == Core.Verdicts.RowStatus.Rejected)
            throw Wrong(line, $"the edit of {row} fails {string.Join(", ", played.RejectReasons)}");
    }

    private static bool Says(Decision? standing, Decision decision) =>
        standing is not null
        && (standing.Ruling, standing.Fault, standing.Note) == (decision.Ruling, decision.Fault, decision.Note)
        && standing.Tags.SequenceEqual(decision.Tags)
        && TurnsOf(standing) == TurnsOf(decision);

    private static string TurnsOf(Decision decision) =>
        decision.Turns is { } turns ? JsonSerializer.Serialize(turns, DecisionJson.Lines.IReadOnlyListEditedTurn) : "";

    // Counted as a person counts the lines below the header.
    private static ReviewException Wrong(int line, string problem) => new($"line {line + 1} of the decisions: {problem}; none was kept");
}
