using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Audits;

/// <summary>What an audit found, for people and for machines.</summary>
internal static class AuditText
{
    private const int Shown = 40;
    private const int ObservationShown = 200;

    public static void Print(AuditReport report, string? note, TextWriter to)
    {
        to.WriteLine($"{report.Domain}, {report.Text} text{(note is null ? "" : $": {note}")}");
        to.WriteLine($"  {"fault",-24} {"planted",8} {"caught",8} {"undecided",10} {"rejected",9} {"party",7}  by");
        foreach (var kind in report.Kinds)
        {
            if (kind.Planted == 0)
            {
                to.WriteLine($"  {kind.Kind,-24} {"-",8}  {kind.Why}");
                continue;
            }

            var by = string.Join(", ", kind.By.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{(IsDeclared(kind, p.Key) ? "*" : "")}{p.Key} {p.Value}"));
            to.WriteLine($"  {kind.Kind,-24} {kind.Planted,8} {kind.Caught,8} {kind.Undecided,10} {kind.Rejected,9} {kind.RightParty,7}  {by}");
            if (kind.Missed.Length > 0) to.WriteLine($"  {"",-24} not caught: {string.Join(", ", kind.Missed.Take(5).Select(m => m.Id))}{(kind.Planted - kind.Caught > 5 ? ", …" : "")}");
        }

        if (report.Clean.Dialogues > 0)
        {
            to.WriteLine($"  clean: {report.Clean.Dialogues} dialogues, {report.Clean.Rejected} wrongly rejected ({report.Clean.RejectedShare.ToString("0.00 %", CultureInfo.InvariantCulture)}), {report.Clean.Undecided} left undecided");
            foreach (var (reason, count) in report.Clean.By) to.WriteLine($"    {count,6}  {reason}");
            foreach (var example in report.Clean.Examples.Take(5)) to.WriteLine($"    {example}");
        }

        foreach (var shortfall in report.Shortfalls()) to.WriteLine($"  short: {shortfall}");
    }

    public static Json Of(AuditReport report, string? note) => Json.Map(
        ("text", report.Text), ("domain", report.Domain), ("note", note),
        ("kinds", Json.List(report.Kinds.Select(k => Json.Map(
            ("kind", k.Kind), ("checks", Texts(k.Checks)), ("tried", k.Tried), ("planted", k.Planted), ("caught", k.Caught), ("undecided", k.Undecided), ("rejected", k.Rejected),
            ("right_party", k.RightParty), ("by", Counts(k.By)), ("missed", Texts(k.Missed.Select(m => m.Id))), ("why_none", k.Why))))),
        ("clean", Json.Map(
            ("dialogues", report.Clean.Dialogues), ("wrongly_rejected", report.Clean.Rejected), ("undecided", report.Clean.Undecided), ("by", Counts(report.Clean.By)),
            ("examples", Texts(report.Clean.Examples)))),
        ("shortfalls", Texts(report.Shortfalls())));

    public static void Print(MutantReport report, TextWriter to)
    {
        to.WriteLine($"{report.Domain}, {report.Text} text: {report.Mutants} random edits, {report.Accepted.Length} still accepted");
        to.WriteLine($"  {"edit",-26} {"made",8} {"accepted",9} {"undecided",10}");
        foreach (var (kind, (made, accepted, undecided)) in report.ByKind) to.WriteLine($"  {kind,-26} {made,8} {accepted,9} {undecided,10}");
        foreach (var mutant in report.Accepted.Take(Shown)) to.WriteLine($"  {mutant.Number,6} {mutant.Dialogue} {mutant.Kind}: {mutant.What.ReplaceLineEndings(" ⏎ ")}");
        if (report.Accepted.Length > Shown) to.WriteLine($"  and {report.Accepted.Length - Shown} more; --json lists all");
    }

    public static Json Of(MutantReport report) => Json.Map(
        ("text", report.Text), ("domain", report.Domain), ("mutants", report.Mutants),
        ("edits", Json.Map([.. report.ByKind.Select(k => (k.Key, Json.Map(("made", k.Value.Made), ("accepted", k.Value.Accepted), ("undecided", k.Value.Undecided)) as Json))])),
        ("accepted", Json.List(report.Accepted.Select(m => Json.Map(("number", m.Number), ("dialogue", m.Dialogue), ("edit", m.Kind), ("what", m.What))))));

    /// <summary>The conversations of the first few faults that were not caught.</summary>
    public static void Missed(AuditReport report, int count, TextWriter to)
    {
        foreach (var kind in report.Kinds)
        {
            foreach (var missed in kind.Missed.Take(count))
            {
                to.WriteLine();
                to.WriteLine($"{kind.Kind} {missed.Id} ({missed.Blueprint.Intent})");
                foreach (var request in missed.Blueprint.Scenario.Requests) to.WriteLine($"      wish: {request.Words} / {request.Brief}");
                foreach (var fact in missed.Blueprint.Scenario.Facts) to.WriteLine($"      {fact.Slot} = {fact.Said} ({fact.Disclosure})");
                for (var i = 0; i < missed.Conversation.Messages.Length; i++) to.WriteLine($"  {i,3} {Line(missed.Conversation.Messages[i])}");
            }
        }
    }

    private static string Line(Message message)
    {
        var calls = string.Concat(message.ToolCalls.Select(c => $" → {c.Name} {c.Arguments}"));
        var text = (message.Content ?? "").ReplaceLineEndings(" ⏎ ");
        return message.Role switch
        {
            MessageRole.User => $"human  {text}",
            MessageRole.Tool => $"       ({message.Name}) {(text.Length > ObservationShown ? text[..ObservationShown] + "…" : text)}",
            _ => $"agent  {text}{calls}",
        };
    }

    private static bool IsDeclared(KindResult kind, string reason) =>
        kind.Checks.Contains(reason.StartsWith("undecided:", StringComparison.Ordinal) ? reason["undecided:".Length..] : reason, StringComparer.Ordinal);

    private static JsonList Texts(IEnumerable<string> texts) => Json.List(texts.Select(t => (Json)t));

    private static JsonMap Counts(ImmutableSortedDictionary<string, long> counts) => Json.Map([.. counts.Select(c => (c.Key, (Json)c.Value))]);
}
