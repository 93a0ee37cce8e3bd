using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Finds a value that was put to the human, or given by them, otherwise than it was written. Only typed evidence counts: the question and the answer say
/// nowhere what was written, and say exactly one other value of the same kind.
/// </summary>
internal static class ChangedValue
{
    /// <summary>The change in words; null where there is no evidence of one.</summary>
    public static string? Of(ConfirmedWrite write, int question, int answer)
    {
        var trace = write.Trace;
        var asked = trace.Said(question)!;
        var said = trace.Said(answer)!;
        foreach (var slot in write.Slots)
        {
            if (slot.Meaning is null) continue;
            if (OtherChoice(slot, said) is { } choice) return $"the human says {choice} in message {answer}, and {slot.Name} is {slot.Value}";
            if ((!slot.IsRequired && slot.Type != "count") || slot.In(asked) || slot.In(said)) continue;
            var other = slot.Type switch
            {
                "count" => OtherCount(slot, asked, said),
                "date" => OtherDate(slot, asked, said),
                "id" when slot.Row is not null => OtherRow(write, slot, asked, said),
                "text" when slot.Value.Text?.Contains('@') == true => OtherAddress(slot, asked, said),
                _ => null,
            };
            if (other is not null) return $"{slot.Name} is {slot.Value}, and what was put to the human in messages {question} and {answer} is {other}";
        }

        return null;
    }

    // Of several choices the human's answer names one, and not this one.
    private static string? OtherChoice(WriteSlot slot, SpokenText said)
    {
        if (slot.Meaning!.Parameter.Schema["enum"] is not JsonList choices || slot.Value is not JsonText || slot.In(said)) return null;
        string? found = null;
        foreach (var choice in choices.Span)
        {
            if (choice == slot.Value || choice.Text is not { Length: >= 8 } text || !said.Has(SpokenText.Padded(text))) continue;
            if (found is not null) return null;
            found = text;
        }

        return found;
    }

    // "2 weeks" or "weeks: 2" where the parameter is weeks.
    private static string? OtherCount(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        string[] units = [.. new[] { slot.Meaning!.Parameter.Name, slot.Meaning.Field?.Label ?? "" }.Where(u => u.Length > 2).Select(u => SpokenText.Padded(u).Trim())];
        double? found = null;
        foreach (var text in (SpokenText[])[asked, said])
        {
            foreach (var unit in units)
            {
                foreach (var form in unit.EndsWith('s') ? [unit, unit[..^1]] : new[] { unit })
                {
                    if (Before(text.Words, $" {form} ") is not { } number) continue;
                    if (found is not null && !found.Value.Equals(number)) return null;
                    found = number;
                }
            }
        }

        return found is { } other && slot.Value is JsonNumber wrote && !other.Equals(wrote.Value) ? $"{other} {units[0]}" : null;
    }

    private static double? Before(string words, string unit)
    {
        var at = words.IndexOf(unit, StringComparison.Ordinal);
        if (at <= 0) return null;
        var from = words.LastIndexOf(' ', at - 1) + 1;
        foreach (var number in FieldValues.Numbers(words[from..at])) return number;
        return null;
    }

    private static string? OtherDate(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        if (!FieldValues.TryDate(slot.Value.Text ?? "", out var wrote)) return null;
        DateOnly? found = null;
        foreach (var date in FieldValues.Dates(asked.Text, wrote.Year).Concat(FieldValues.Dates(said.Text, wrote.Year)))
        {
            if (found is not null && found != date) return null;
            found = date;
        }

        return found is { } other && other != wrote ? FieldValues.Say("date", other.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)) : null;
    }

    private static string? OtherAddress(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        foreach (var text in (SpokenText[])[asked, said])
        {
            foreach (var range in text.Text.AsSpan().SplitAny(" \n\t;,()<>\"*"))
            {
                var token = text.Text.AsSpan(range).TrimEnd(".!?:");
                if (token.Contains('@') && token.Contains('.') && !token.Equals(slot.Value.Text, StringComparison.OrdinalIgnoreCase)) return token.ToString();
            }
        }

        return null;
    }

    // One other row of the same kind by its key, which no other write of the dialogue names.
    private static string? OtherRow(ConfirmedWrite write, WriteSlot slot, SpokenText asked, SpokenText said)
    {
        var row = slot.Row!;
        var pack = write.Trace.Pack;
        var view = write.Trace.View;
        var kin = row.Parent is not null ? EntityRows.Within(row.Parent, row.Entity)
            : pack.Rows.Owner(view, row) is { } owner && row.Entity.Name != pack.Domain.Who ? pack.Rows.OwnedBy(view, row.Entity, owner)
            : [];
        string? found = null;
        foreach (var other in kin)
        {
            if (other.Identity == row.Identity) continue;
            var key = EntityRows.Text(other.Key);
            var words = SpokenText.Padded(key);
            if (!asked.Has(words) && !said.Has(words)) continue;
            if (found is not null || IsInAWrite(write, key)) return null;
            found = key;
        }

        return found;
    }

    private static bool IsInAWrite(ConfirmedWrite write, string key)
    {
        foreach (var call in write.Trace.Calls)
        {
            if (call.Tool is { Writes: true } && call.Arguments is { } arguments && JsonSearch.ShowsId(arguments, key)) return true;
        }

        return false;
    }
}
