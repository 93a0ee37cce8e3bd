using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Verification.Audits;

namespace ConvoSynth.Cli.Audits;

/// <summary>An audit's results, for people and as JSON.</summary>
internal static class AuditText
{
    private const int Shown = 40;
    private const int ExamplesShown = 5;
    private const int ObservationShown = 200;

    public static void Print(AuditReport report, string? note, TextWriter to)
    {
        to.WriteLine($"{report.Domain}, {report.Text} text{(note is null ? "" : $": {note}")}");
        var table = new TextTable(
            "fault",
            TextColumn.Number("planted"),
            TextColumn.Number("caught"),
            TextColumn.Number("unsure"),
            TextColumn.Number("rejected"),
            TextColumn.Number("undecided"),
            TextColumn.Number("party"),
            "by"
        );
        foreach (var kind in report.Kinds)
        {
            if (kind.Planted == 0)
                table.Add(kind.Kind, 0, "-", "-", "-", "-", "-", kind.Why);
            else
                table.Add(
                    kind.Kind,
                    kind.Planted,
                    kind.Caught,
                    kind.Undecided,
                    kind.Rejected,
                    kind.LeftUndecided,
                    kind.RightParty,
                    By(kind)
                );
        }

        table.Print(to);
        foreach (var kind in report.Kinds.Where(k => k.Missed.Length > 0))
            to.WriteLine($"  {kind.Kind} not caught: {Missed(kind)}");
        Clean(report.Clean, to);
        Reads(report.Reads, to);
        foreach (var shortfall in report.Shortfalls())
            to.WriteLine($"  short: {shortfall}");
    }

    private static void Reads(ReadResult reads, TextWriter to)
    {
        if (reads == ReadResult.None)
            return;
        var share = reads.FlaggedShare.ToString("0.00 %", CultureInfo.InvariantCulture);
        to.WriteLine($"  reads: {reads.Needed} needed, {reads.Flagged} of them found needless ({share}); {reads.Needless} needless");
        foreach (var example in reads.Examples.Take(ExamplesShown))
            to.WriteLine($"    {example}");
    }

    private static string By(KindResult kind) =>
        string.Join(
            ", ",
            kind.By.OrderByDescending(p => p.Value)
                .ThenBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => $"{(IsDeclared(kind, p.Key) ? "*" : "")}{p.Key} {p.Value}")
        );

    private static string Missed(KindResult kind) =>
        string.Join(", ", kind.Missed.Take(ExamplesShown).Select(m => m.Id)) + (kind.Planted - kind.Caught > ExamplesShown ? ", …" : "");

    private static void Clean(CleanResult clean, TextWriter to)
    {
        if (clean.Dialogues == 0)
            return;
        var share = clean.RejectedShare.ToString("0.00 %", CultureInfo.InvariantCulture);
        var rejected = $"{clean.Rejected} wrongly rejected ({share})";
        to.WriteLine($"  clean: {clean.Dialogues} dialogues, {rejected}, {clean.Undecided} left undecided");
        TextTable.Counts(clean.By).Print(to);
        foreach (var example in clean.Examples.Take(ExamplesShown))
            to.WriteLine($"    {example}");
    }

    public static Json Of(AuditReport report, string? note) =>
        Json.Map(
            ("text", report.Text),
            ("domain", report.Domain),
            ("note", note),
            (
                "kinds",
                Json.List(
                    report.Kinds.Select(k =>
                        Json.Map(
                            ("kind", k.Kind),
                            ("checks", Texts(k.Checks)),
                            ("tried", k.Tried),
                            ("planted", k.Planted),
                            ("caught", k.Caught),
                            ("undecided", k.Undecided),
                            ("rejected", k.Rejected),
                            ("left_undecided", k.LeftUndecided),
                            ("right_party", k.RightParty),
                            ("by", Counts(k.By)),
                            ("missed", Texts(k.Missed.Select(m => m.Id))),
                            ("why_none", k.Why)
                        )
                    )
                )
            ),
            (
                "clean",
                Json.Map(
                    ("dialogues", report.Clean.Dialogues),
                    ("wrongly_rejected", report.Clean.Rejected),
                    ("undecided", report.Clean.Undecided),
                    ("by", Counts(report.Clean.By)),
                    ("examples", Texts(report.Clean.Examples))
                )
            ),
            (
                "reads",
                Json.Map(
                    ("needed", report.Reads.Needed),
                    ("flagged", report.Reads.Flagged),
                    ("needless", report.Reads.Needless),
                    ("examples", Texts(report.Reads.Examples))
                )
            ),
            ("shortfalls", Texts(report.Shortfalls()))
        );

    public static void Print(MutantReport report, TextWriter to)
    {
        to.WriteLine($"{report.Domain}, {report.Text} text: {report.Mutants} random edits, {report.Accepted.Length} still accepted");
        var edits = new TextTable("edit", TextColumn.Number("made"), TextColumn.Number("accepted"), TextColumn.Number("undecided"));
        foreach (var (kind, (made, accepted, undecided)) in report.ByKind)
            edits.Add(kind, made, accepted, undecided);
        edits.Print(to);
        var mutants = new TextTable(TextColumn.Number(""), "", "", "");
        foreach (var mutant in report.Accepted.Take(Shown))
            mutants.Add(mutant.Number, mutant.Dialogue, mutant.Kind, mutant.What);
        mutants.Print(to);
        if (report.Accepted.Length > Shown)
            to.WriteLine($"  and {report.Accepted.Length - Shown} more; --json lists all");
    }

    public static Json Of(MutantReport report) =>
        Json.Map(
            ("text", report.Text),
            ("domain", report.Domain),
            ("mutants", report.Mutants),
            (
                "edits",
                Json.Map([
                    .. report.ByKind.Select(k =>
                        (k.Key, Json.Map(("made", k.Value.Made), ("accepted", k.Value.Accepted), ("undecided", k.Value.Undecided)) as Json)
                    ),
                ])
            ),
            (
                "accepted",
                Json.List(
                    report.Accepted.Select(m =>
                        Json.Map(("number", m.Number), ("dialogue", m.Dialogue), ("edit", m.Kind), ("what", m.What))
                    )
                )
            )
        );

    /// <summary>Prints the conversations of the first few missed faults.</summary>
    public static void Missed(AuditReport report, int count, TextWriter to)
    {
        foreach (var kind in report.Kinds)
        {
            foreach (var missed in kind.Missed.Take(count))
            {
                to.WriteLine();
                to.WriteLine($"{kind.Kind} {missed.Id} ({missed.Blueprint.Intent})");
                foreach (var request in missed.Blueprint.Scenario.Requests)
                    to.WriteLine($"      wish: {request.Words} / {request.Brief}");
                foreach (var fact in missed.Blueprint.Scenario.Facts)
                    to.WriteLine($"      {fact.Slot} = {fact.Said} ({fact.Disclosure})");
                for (var i = 0; i < missed.Conversation.Messages.Length; i++)
                    to.WriteLine($"  {i, 3} {Line(missed.Conversation.Messages[i])}");
            }
        }
    }

    private static string Line(Message message)
    {
        var calls = string.Concat(message.ToolCalls.Select(c => $" → {c.Name} {c.Arguments}"));
        var text = VisibleText.Of((message.Content ?? "").ReplaceLineEndings(" ⏎ "));
        return message.Role switch
        {
            MessageRole.User => $"human  {text}",
            MessageRole.Tool => $"       ({message.Name}) {(text.Length > ObservationShown ? text[..ObservationShown] + "…" : text)}",
            _ => $"agent  {(message.Reasoning?.Text is { } thought ? $"[{thought}] " : "")}{text}{calls}",
        };
    }

    private static bool IsDeclared(KindResult kind, string reason) =>
        kind.Checks.Contains(
            reason.StartsWith("undecided:", StringComparison.Ordinal) ? reason["undecided:".Length..] : reason,
            StringComparer.Ordinal
        );

    private static JsonList Texts(IEnumerable<string> texts) => Json.List(texts.Select(t => (Json)t));

    private static JsonMap Counts(ImmutableSortedDictionary<string, long> counts) =>
        Json.Map([.. counts.Select(c => (c.Key, (Json)c.Value))]);
}
