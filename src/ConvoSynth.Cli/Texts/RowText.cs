using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;
using Spectre.Console;

namespace ConvoSynth.Cli.Texts;

/// <summary>A row for people: colours on a terminal, plain lines elsewhere.</summary>
internal sealed class RowText(ShardRow row, bool full)
{
    private const int Short = 240;
    private const string Heading = "bold";

    private readonly bool _plain = Console.IsOutputRedirected;

    public void Print()
    {
        var blueprint = RowJson.Cell(row.Blueprint);
        Header(blueprint);
        Messages();
        Diff("changes made", RowJson.Cell(row.StateDiff));
        foreach (var state in RowJson.Cell(row.AcceptedEndStates).Items)
            Diff($"accepted end state \"{state["name"].Text}\"", state["diff"]);
        Expected(blueprint);
        Verdicts();
    }

    private void Header(Json blueprint)
    {
        Line(row.Id, Heading);
        Line($"domain   {row.Domain}");
        if (row.Intent is not null)
            Line($"intent   {row.Intent}, shape {row.Shape}, slice {row.Slice}, depth {blueprint["depth"]}");
        if (blueprint["persona"]["name"].Text is { } persona)
            Line($"persona  {persona}: {blueprint["persona"]["manner"].Text}");
        if (row.FamilyId is not null)
            Line($"family   {row.FamilyId}");
        IReadOnlyList<string> reasons = row.Status == RowStatus.Undecided ? row.UndecidedReasons : row.RejectReasons;
        var colour = row.Status switch
        {
            RowStatus.Accepted => "green",
            RowStatus.Undecided => "yellow",
            _ => "red",
        };
        Line($"status   {row.Status}{(reasons.Count > 0 ? $": {string.Join(", ", reasons)}" : "")}", colour);
        if (row.Accept is { } profile)
            Line($"profile  {profile}; meets {(row.Passes.Count > 0 ? string.Join(", ", row.Passes) : "none")}");
        if (row.PlantedFault is not null)
            Line($"planted  {row.PlantedFault}", "yellow");
        if (row.Instruction is null)
            return;
        Title("instruction");
        Line(row.Instruction);
    }

    // The numbers match the verdicts', which do not count the row's initial system message.
    private void Messages()
    {
        if (row.Messages.Count == 0)
            return;
        Title("messages");
        var number = -1;
        for (var i = 0; i < row.Messages.Count; i++)
        {
            var message = RowJson.Cell(row.Messages[i]);
            var role = message["role"].Text;
            if (role != "system")
                number++;
            var head = role == "system" ? "    system" : $"{number, 3} {role}";
            var masked = role == "assistant" && RowJson.Cell(row.MessageMeta[i])["train"].Flag == false ? " (not trained on)" : "";
            var name = message["name"].Text is { } tool ? $" {tool}" : "";
            Line(
                $"{head}{name}{masked}",
                role switch
                {
                    "user" => "blue",
                    "assistant" => "green",
                    _ => "grey",
                }
            );
            if (message["reasoning_content"].Text is { Length: > 0 } thought)
                Indented($"[{thought}]");
            if (message["content"].Text is { Length: > 0 } content)
                Indented(role is "tool" or "system" ? Cut(content) : content);
            foreach (var call in message["tool_calls"].Items)
                Indented($"→ {call["function"]["name"].Text} {Cut(Value(call["function"]["arguments"]))}");
        }
    }

    private void Diff(string title, Json diff)
    {
        Title(title);
        if (diff["changes"].Items.Count == 0)
            Line("    none");
        foreach (var change in diff["changes"].Items)
        {
            var path = string.Join('/', change["path"].Items.Select(p => p.Text));
            Line($"    {path}: {Side(change, "before")} → {Side(change, "after")}");
        }
    }

    private string Side(Json change, string side) =>
        change is JsonMap map && map.TryGet(side, out var value) ? Cut(Value(value)) : "(absent)";

    private void Expected(Json blueprint)
    {
        if (blueprint["outputs"].Items.Count + blueprint["refusals"].Items.Count == 0)
            return;
        Title("expected");
        foreach (var output in blueprint["outputs"].Items)
            Line($"    told: {output["label"].Text} = {Value(output["value"])}");
        foreach (var refusal in blueprint["refusals"].Items)
            Line(
                $"    refused: {refusal["tool"].Text} {Cut(Value(refusal["arguments"]))}, "
                    + $"clause {refusal["clause"].Text}: {refusal["reason"].Text}"
            );
    }

    private void Verdicts()
    {
        if (row.Verdicts.Count == 0)
            return;
        Title("verdicts");
        var verdicts = RowConversation.VerdictsOf(row);
        var table = new TextTable("", "", "", "", "");
        foreach (var verdict in verdicts.OrderBy(v => Rank(v.Outcome)))
        {
            var fault = verdict.Outcome == Outcome.Fail ? Name(verdict.Fault) : "";
            var where = verdict.Message is { } message ? $"message {message}" : "";
            var evidence = verdict.Evidence is { } text
                ? full
                    ? text
                    : Cut(text)
                : "";
            var style = verdict.Outcome switch
            {
                Outcome.Fail => "red",
                Outcome.Unsure => "yellow",
                Outcome.Noted => "yellow",
                Outcome.Skipped => "grey",
                _ => null,
            };
            table.AddStyled(style, Name(verdict.Outcome), $"{verdict.Stage}.{verdict.Check}", fault, where, evidence);
        }

        table.Print();
    }

    private static int Rank(Outcome outcome) =>
        outcome switch
        {
            Outcome.Fail => 0,
            Outcome.Unsure => 1,
            Outcome.Noted => 2,
            Outcome.Skipped => 3,
            _ => 4,
        };

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Value(Json value) => value.Text ?? value.ToString();

    private string Cut(string text) =>
        full || text.Length <= Short ? text : $"{text[..Short]}… ({text.Length} characters; --full shows all)";

    private void Title(string title)
    {
        Console.WriteLine();
        Line(title, Heading);
    }

    private void Indented(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            Line($"    {line}");
    }

    private void Line(string text, string? style = null)
    {
        text = VisibleText.Of(text);
        if (_plain || style is null)
            Console.WriteLine(text);
        else
            AnsiConsole.MarkupLine($"[{style}]{Markup.Escape(text)}[/]");
    }
}
