using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

/// <summary>Finds everything that a row holds in the text that a template made of it, in the order of the dialogue.</summary>
internal sealed partial class TextCheck
{
    // Shorter words may stand in a text by chance, so they bound no search.
    private const int Telling = 20;

    private readonly TrainingRow _row;
    private readonly string _text;
    private readonly List<TextSpan> _spans = [];
    private readonly List<Damage> _found = [];
    private int _at;

    private TextCheck(TrainingRow row, string text) => (_row, _text) = (row, text);

    public static IReadOnlyList<Damage> Of(TrainingRow row, TemplateFile template, string text)
    {
        var check = new TextCheck(row, text);
        for (var i = 0; i < row.Turns.Count; i++)
            check.Take(i, row.Turns[i]);
        check.Tools();
        check.Nones(template);
        return check._found;
    }

    private void Take(int place, RecordedTurn turn)
    {
        var words = turn.Text?.Trim() ?? "";
        if (turn.Kind == TurnKind.Observation && words.Length == 0)
            Add(DamageKinds.ObservationLost, turn.TextPlace, "the observation is empty, or the message has no content");
        // Templates cut earlier thoughts on purpose.
        var before = _at;
        if (words.Length > 0 && !words.Contains("</think>", StringComparison.Ordinal))
            Words(turn, words);
        var bound = turn.Calls.Count > 0 ? Bound(place) : 0;
        foreach (var call in turn.Calls)
            before = Call(turn, call, before, bound);
    }

    private void Words(RecordedTurn turn, string words)
    {
        // A template may move the policy into the first message of the human.
        if (WrittenForms.Find(_text, words, turn.Kind == TurnKind.System ? 0 : _at) is { } span)
        {
            Mark(span);
            return;
        }

        var kind =
            words.Length >= Telling && WrittenForms.Find(_text, words, 0) is not null ? DamageKinds.OutOfOrder
            : turn.Kind == TurnKind.Observation ? DamageKinds.ObservationLost
            : turn.Calls.Count > 0 ? DamageKinds.TextBesideLost
            : DamageKinds.TextLost;
        var what = kind == DamageKinds.OutOfOrder ? "stands before what it follows" : "not in the text";
        Add(kind, turn.TextPlace, $"{what}: {Cut(words)}");
    }

    // Returns where the next call of the message may begin.
    private int Call(RecordedTurn turn, RecordedCall call, int from, int to)
    {
        var (found, span) = CallSearch.Find(_text, call, from, to);
        if (found != CallFound.Not)
            Mark(span);
        switch (found)
        {
            case CallFound.Twice:
                Add(DamageKinds.ArgumentsTwice, call.Place, $"the arguments of {call.Name} are encoded twice: {Near(span)}");
                break;
            case CallFound.WithoutArguments:
                Add(DamageKinds.ArgumentsLost, call.Place, $"the arguments of {call.Name} are not behind it: {Near(span)}");
                break;
            case CallFound.Not:
                Add(
                    turn.Calls.Count > 1 ? DamageKinds.ParallelLost : DamageKinds.CallLost,
                    call.Place,
                    $"the call of {call.Name} is not in the text"
                );
                break;
        }

        return found == CallFound.Not ? from : span.End;
    }

    // The next message with telling words ends the search for this message's calls.
    private int Bound(int place)
    {
        foreach (var later in _row.Turns.Skip(place + 1))
        {
            if (later.Text?.Trim() is { Length: >= Telling } words && WrittenForms.Find(_text, words, _at) is { } span)
                return span.Start;
        }

        return _text.Length;
    }

    private void Tools()
    {
        var rest = Rest();
        foreach (var tool in _row.Offered)
        {
            var at = rest.IndexOf(tool.Name, StringComparison.Ordinal);
            var missing =
                at < 0 ? tool.Name
                : tool.Description is { Length: > 0 } about && WrittenForms.Find(rest, FirstLine(about), 0) is null ? "its description"
                : tool.Parameters.FirstOrDefault(p => rest.IndexOf(p, StringComparison.Ordinal) < 0);
            if (missing is not null)
                Add(DamageKinds.ToolLost, tool.Place, $"of the tool {tool.Name}, {missing} is not in the text");
        }
    }

    // None in what is left is the template's spelling of nothing, unless the template or a tool has the word itself.
    private void Nones(TemplateFile template)
    {
        if (
            None().IsMatch(Markup().Replace(template.Source, ""))
            || _row.Tools?.ToJsonString().Contains("None", StringComparison.Ordinal) == true
        )
            return;
        if (None().Match(Rest()) is { Success: true } none)
            Add(DamageKinds.NonePrinted, "", $"the text has None: {Near(new(none.Index, none.Index + none.Length))}");
    }

    private string Rest()
    {
        var rest = new StringBuilder(_text);
        foreach (var span in _spans)
        {
            for (var i = span.Start; i < span.End; i++)
                rest[i] = ' ';
        }

        return rest.ToString();
    }

    private void Mark(TextSpan span)
    {
        _spans.Add(span);
        _at = Math.Max(_at, span.End);
    }

    private void Add(string kind, string field, string what) => _found.Add(new(kind, field, what));

    private string Near(TextSpan span) =>
        Cut(_text[Math.Max(0, span.Start - 20)..Math.Min(_text.Length, span.End + 40)].ReplaceLineEndings("⏎"));

    private static string FirstLine(string text) => text.Trim().Split('\n')[0].Trim();

    private static string Cut(string text) => text.Length <= 120 ? text : text[..120] + "…";

    [GeneratedRegex(@"(?<![\w])None(?![\w])")]
    private static partial Regex None();

    [GeneratedRegex(@"\{[{%#].*?[}%#]\}", RegexOptions.Singleline)]
    private static partial Regex Markup();
}
