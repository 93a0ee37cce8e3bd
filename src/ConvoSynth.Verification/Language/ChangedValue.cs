using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Finds a value of a write that differs from the value proposed to the human or given by them. Only typed evidence counts: neither
/// question nor answer contains the written value, and together they contain exactly one other value of the same kind.
/// </summary>
internal static class ChangedValue
{
    /// <summary>A description of the difference; null without evidence of one.</summary>
    public static string? Of(ConfirmedWrite write, int question, int answer)
    {
        var trace = write.Trace;
        var asked = WithoutReports(trace, question, trace.Said(question)!);
        var said = trace.Said(answer)!;
        // A question that repeats the details may omit some, such as options that several items share.
        var earlier = Turns.Last(trace, question, MessageRole.Assistant);
        var before = earlier < 0 ? null : trace.Said(earlier);
        var isAbout = !write.Slots.Any(s => s.IsTarget) || write.Slots.Any(s => s.IsTarget && (s.In(asked) || s.In(said)));
        foreach (var slot in write.Slots)
        {
            if (slot.Meaning is null)
                continue;
            if ((Detail(slot, asked, said) ?? Choice(slot, asked) ?? Told(slot, asked) ?? Records(write, slot, asked)) is { } detail)
                return $"message {question} gives {slot.Name} as {detail}, and it is {slot.Value}";
            if (LeftOut(write, slot, asked) is { } leftOut)
                return $"message {question} speaks of {leftOut} too, and {slot.Name} is without it";
            if (OtherChoice(slot, said) is { } choice)
                return $"the human says {choice} in message {answer}, and {slot.Name} is {slot.Value}";
            if (isAbout && !slot.In(asked) && !slot.In(said) && OtherLabelled(slot, asked) is { } labelled)
                return $"message {question} gives {slot.Name} as {labelled}, and it is {slot.Value}";
            var spoken = slot.Row?.Parent is { } parent ? WithoutParent(asked, parent) : asked;
            if ((!slot.IsRequired && slot.Type != "count") || slot.In(spoken) || slot.In(said))
                continue;
            var other = slot.Type switch
            {
                "count" when isAbout => OtherCount(slot, asked, said),
                "date" when isAbout => OtherDate(slot, asked, said),
                "id" when isAbout && slot.Row is not null && !(before is not null && slot.In(before)) => OtherRow(
                    write,
                    slot,
                    spoken,
                    said
                ),
                "text" when slot.Value.Text?.Contains('@') == true => OtherAddress(slot, asked, said),
                _ => null,
            };
            if (other is not null)
                return $"{slot.Name} is {slot.Value}, and what was put to the human in messages {question} and {answer} is {other}";
        }

        return null;
    }

    // A message that reports one change and proposes the next contains the values of both. A report extends up to the next question or
    // proposal.
    private static SpokenText WithoutReports(Trace trace, int question, SpokenText asked)
    {
        var since = Turns.Last(trace, question, MessageRole.User);
        if (trace.AgentSpeech.At(question) is not { } text || !trace.Calls.Any(c => c.Wrote && c.Message > since && c.Message < question))
            return asked;
        var done = ActClaims.Of(text, ActWords.Of(trace.Pack)).Where(c => c.Form == ClaimForm.Done).Select(c => c.Sentence).ToHashSet();
        var isReport = false;
        return new(
            string.Join(
                '\n',
                text.Sentences.Where(
                        (s, i) => !(isReport = done.Contains(i) || (isReport && !s.IsQuestion && !text.Has(s, WordRole.Modal)))
                    )
                    .Select(text.Quote)
            )
        );
    }

    // "people: 10" where 9 is written, "order number: A" where B is. The text beside the label decides, even if the message has the
    // written value elsewhere.
    private static string? Detail(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        var isKey = slot is { Type: "id", Row: { Parent: null } };
        if (!isKey && slot.Type != "count")
            return null;
        var key = isKey ? SpokenText.Padded(EntityRows.Text(slot.Row!.Key)) : "";
        if (isKey && (said.Has(key) || !key.AsSpan().ContainsAnyInRange('0', '9')))
            return null;
        string? other = null;
        foreach (var label in Labels(slot))
        {
            foreach (var detail in Details(asked.Text, label))
            {
                if (
                    isKey
                        ? SpokenText.Padded(detail).Contains(key, StringComparison.Ordinal)
                        : !FieldValues.Numbers(detail).Any()
                            || FieldValues.Numbers(detail).Any(n => slot.Value is JsonNumber v && (double)v.Value == n)
                )
                    return null;
                // A row may be given by a description instead of its key.
                if (!isKey || detail.AsSpan().ContainsAnyInRange('0', '9'))
                    other ??= detail.Trim();
            }
        }

        return other is null || (!isKey && Beside(said.Words, Labels(slot)[0]) is not null) ? null : other;
    }

    // "cabin: economy" where business is written, even if the message mentions business elsewhere.
    private static string? Choice(WriteSlot slot, SpokenText asked)
    {
        if (slot.Meaning!.Parameter.Schema["enum"] is not JsonList choices || slot.Value.Text is not { } wrote)
            return null;
        string? other = null;
        foreach (var detail in Details(asked.Text, Labels(slot)[0]))
        {
            var stated = detail.Trim(' ', '.', '?', '!', '*');
            if (FieldValues.Says(stated, "enum", FieldValues.Say("enum", wrote)))
                return null;
            if (choices.Items.Any(c => c.Text is { } choice && choice != wrote && SpokenText.Padded(choice) == SpokenText.Padded(stated)))
                other ??= stated;
        }

        return other;
    }

    // "kind of payment: gift card" where the card is written, even if the message mentions the card elsewhere.
    private static string? Told(WriteSlot slot, SpokenText asked)
    {
        if (slot.Row is not { Parent: not null } row)
            return null;
        foreach (var field in row.Entity.ToldBy.Select(row.Entity.Field).OfType<FieldSpec>().Where(f => f.Type == "enum"))
        {
            string[] stated = [.. Details(asked.Text, field.Label).Select(SpokenText.Padded)];
            if (
                !Array.Exists(stated, s => s == SpokenText.Phrase(row[field.Path].Text ?? ""))
                && Array.Find(stated, s => field.Values.Any(v => SpokenText.Phrase(v) == s)) is { } other
            )
                return other.Trim();

            // "payment method: the PayPal account": the label is the entity's, and the value stands among other words.
            if (
                Details(asked.Text, row.Entity.Label).Select(SpokenText.Padded).ToArray() is [var named]
                && !slot.In(new(named))
                && field.Values.Any(v => named.Contains(SpokenText.Phrase(v), StringComparison.Ordinal))
            )
                return named.Trim();
        }

        return null;
    }

    // "flights: A1 on May 4, A2 on May 6" where only one of them is written.
    private static string? Records(ConfirmedWrite write, WriteSlot slot, SpokenText asked)
    {
        if (slot.Meaning is not { Parameter.Parts.Count: > 0 } records)
            return null;
        var label = Labels(slot)[0] + ": ";
        var at = asked.Text.IndexOf(label, StringComparison.OrdinalIgnoreCase);
        // If the message proposes several writes with a list each, a list is no evidence about another write.
        if (
            at < 0
            || (at > 0 && char.IsLetterOrDigit(asked.Text[at - 1]))
            || asked.Text.IndexOf(label, at + 1, StringComparison.OrdinalIgnoreCase) >= 0
        )
            return null;
        var rest = asked.Text.AsSpan(at + label.Length);
        var end = rest.IndexOfAny("\n)");
        return RecordWords.OtherRow(
            write.Trace,
            records,
            write.Call.Arguments![records.Parameter.Name],
            (end < 0 ? rest : rest[..end]).ToString()
        );
    }

    private static List<string> Labels(WriteSlot slot)
    {
        var labels = new List<string> { slot.Meaning!.Parameter.Name.Replace('_', ' ') };
        if (slot.Meaning.Field is { } field)
            labels.Add(field.Label);
        if (slot.Row is { } row && row.Entity.Field(row.Entity.Key) is { } key)
            labels.Add(key.Label);
        return labels;
    }

    // The text behind "label:", up to the end of the line or the next detail.
    private static IEnumerable<string> Details(string text, string label)
    {
        for (
            var at = text.IndexOf(label, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(label, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var colon = at + label.Length;
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || colon >= text.Length || text[colon] != ':')
                continue;
            var end = text.AsSpan(colon + 1).IndexOfAny(",\n;)");
            yield return end < 0 ? text[(colon + 1)..] : text.Substring(colon + 1, end);
        }
    }

    // One of several things that both the wish and the question name is in no call, although the call could take all of them. A thing
    // that only the question names is no evidence: it may stay as it is, be done already or come next.
    private static string? LeftOut(ConfirmedWrite write, WriteSlot slot, SpokenText asked)
    {
        if (slot is not { Type: "id", Row: { Parent: { } parent } row } || write.Call.Arguments![slot.Name] is not JsonList)
            return null;
        var spoken = WithoutParent(asked, parent);
        foreach (var other in EntityRows.Within(parent, row.Entity))
        {
            if (
                other.Identity == row.Identity
                || !IsWished(write, other)
                || !IsNamed(other, spoken)
                || IsNamedAlike(other, write.Call.Arguments[slot.Name], parent)
                || Namesakes.IsMeant(write, other, slot.Name, Name)
            )
                continue;
            if (!IsInAWrite(write, EntityRows.Text(other.Key)))
                return Name(other);
        }

        return null;
    }

    private static bool IsWished(ConfirmedWrite write, EntityRow row)
    {
        if (Name(row) is not { } name)
            return false;
        foreach (var request in write.Trace.Blueprint.Scenario.Requests)
        {
            if (request.Tool == write.Call.Tool!.Name && request.Words.Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // Named by a descriptive text of the row. Its options are left out, since they may be those of the replacement.
    private static bool IsNamed(EntityRow row, SpokenText spoken) =>
        Name(row) is { Length: > 2 } name && spoken.Has(SpokenText.Padded(name));

    private static string? Name(EntityRow row) =>
        row
            .Entity.ToldBy.Where(t => row.Entity.Field(t) is { Type: "name" or "text" })
            .Select(t => row[t].Text)
            .FirstOrDefault(t => t is not null);

    private static bool IsNamedAlike(EntityRow row, Json keys, EntityRow parent) =>
        EntityRows
            .Within(parent, row.Entity)
            .Any(r => Name(r) == Name(row) && keys.Items.Any(k => EntityRows.Text(k) == EntityRows.Text(r.Key)));

    // "The order with the lamp" names the order and not the lamp.
    private static SpokenText WithoutParent(SpokenText spoken, EntityRow parent)
    {
        var text = spoken.Text;
        foreach (var (path, way) in parent.Entity.Say)
        {
            var list = path.IndexOf("[].", StringComparison.Ordinal);
            if (list < 0)
                continue;
            foreach (var item in FieldPath.Read(parent.Row.Values, path[..list]).Items)
            {
                if (FieldPath.Read(item, path[(list + 3)..]).Text is { } told)
                    text = text.Replace(way.Replace("{}", told, StringComparison.Ordinal), "…", StringComparison.OrdinalIgnoreCase);
            }
        }

        return ReferenceEquals(text, spoken.Text) ? spoken : new(text);
    }

    // The human's answer names exactly one of several choices, and it is another one.
    private static string? OtherChoice(WriteSlot slot, SpokenText said)
    {
        if (slot.Meaning!.Parameter.Schema["enum"] is not JsonList choices || slot.Value is not JsonText || slot.In(said))
            return null;
        string? found = null;
        foreach (var choice in choices.Span)
        {
            if (choice == slot.Value || choice.Text is not { Length: >= 8 } text || !said.Has(SpokenText.Phrase(text)))
                continue;
            if (found is not null)
                return null;
            found = text;
        }

        return found;
    }

    // "method: credit" where the write has the card.
    private static string? OtherLabelled(WriteSlot slot, SpokenText asked)
    {
        if (slot.Meaning!.Parameter.Schema["enum"] is not JsonList choices || slot.Value.Text is not { } wrote)
            return null;
        var label = SpokenText.Phrase(slot.Meaning.Parameter.Name);
        if (!asked.Has(label))
            return null;
        foreach (var choice in choices.Span)
        {
            if (choice.Text is { Length: > 0 } text && text != wrote && asked.Has(string.Concat(label, SpokenText.Phrase(text).AsSpan(1))))
                return text;
        }

        return null;
    }

    // "2 weeks" or "weeks: 2" for the parameter weeks. Neither message contains the written number, so any number found differs.
    private static string? OtherCount(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        foreach (var name in (string[])[slot.Meaning!.Parameter.Name, slot.Meaning.Field?.Label ?? ""])
        {
            if (name.Length <= 2)
                continue;
            var unit = SpokenText.Phrase(name);
            foreach (var form in unit.EndsWith("s ", StringComparison.Ordinal) ? [unit, $"{unit[..^2]} "] : new[] { unit })
            {
                if ((Beside(asked.Words, form) ?? Beside(said.Words, form)) is { } number)
                    return $"{number}{form}".TrimEnd();
            }
        }

        return null;
    }

    // The number directly before or after the unit.
    private static double? Beside(string words, string unit)
    {
        var at = words.IndexOf(unit, StringComparison.Ordinal);
        if (at < 0)
            return null;
        if (at > 0)
        {
            var from = words.LastIndexOf(' ', at - 1) + 1;
            foreach (var number in FieldValues.Numbers(words[from..at]))
                return number;
        }

        var to = at + unit.Length;
        if (to >= words.Length)
            return null;
        foreach (var number in FieldValues.Numbers(words[to..words.IndexOf(' ', to)]))
            return number;
        return null;
    }

    private static string? OtherDate(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        if (!FieldValues.TryDate(slot.Value.Text ?? "", out var wrote))
            return null;
        DateOnly? found = null;
        foreach (var date in FieldValues.Dates(asked.Text, wrote.Year).Concat(FieldValues.Dates(said.Text, wrote.Year)))
        {
            if (found is not null && found != date)
                return null;
            found = date;
        }

        return found is { } other && other != wrote
            ? FieldValues.Say("date", other.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))
            : null;
    }

    private static string? OtherAddress(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        foreach (var text in (SpokenText[])[asked, said])
        {
            foreach (var range in text.Text.AsSpan().SplitAny(" \n\t;,()<>\"*"))
            {
                var token = text.Text.AsSpan(range).TrimEnd(".!?:");
                if (token.Contains('@') && token.Contains('.') && !token.Equals(slot.Value.Text, StringComparison.OrdinalIgnoreCase))
                    return token.ToString();
            }
        }

        return null;
    }

    // Exactly one other row of the same kind, by key or description, that no other write of the dialogue names.
    private static string? OtherRow(ConfirmedWrite write, WriteSlot slot, SpokenText asked, SpokenText said)
    {
        var row = slot.Row!;
        var pack = write.Trace.Pack;
        var view = write.Trace.View;
        var kin =
            row.Parent is not null ? EntityRows.Within(row.Parent, row.Entity)
            : pack.Rows.Owner(view, row) is { } owner && row.Entity.Name != pack.Domain.Who ? pack.Rows.OwnedBy(view, row.Entity, owner)
            : [];
        string? found = null;
        foreach (var other in kin)
        {
            if (other.Identity == row.Identity)
                continue;
            var key = EntityRows.Text(other.Key);
            if (!WriteSlots.WaysOf(other).Any(w => w.In(asked) || w.In(said)))
                continue;
            if (found is not null || IsInAWrite(write, key))
                return null;
            found = key;
        }

        return found;
    }

    private static bool IsInAWrite(ConfirmedWrite write, string key)
    {
        foreach (var call in write.Trace.Calls)
        {
            if (call.Tool is { Writes: true } && call.Arguments is { } arguments && JsonSearch.ShowsId(arguments, key))
                return true;
        }

        return false;
    }
}
