using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Domains.Packs;

/// <summary>A field of an entity in <c>domain.yaml</c>.</summary>
internal static class FieldReading
{
    public static FieldSpec Field(string path, YamlPart part)
    {
        var label = path[(path.LastIndexOf('.') + 1)..].Replace('_', ' ').Replace("[]", "");
        if (part.IsScalar)
            return Checked(
                new()
                {
                    Path = path,
                    Type = part.Text,
                    Label = label,
                    Line = part.Line,
                },
                part
            );
        part.Only(
            "type",
            "ref",
            "human",
            "label",
            "ask",
            "answer",
            "generated",
            "compare",
            "unordered",
            "values",
            "range",
            "format",
            "any_owner"
        );
        var human = part.TextOf("human") switch
        {
            "knows" => Knowledge.Knows,
            "may_know" => Knowledge.MayKnow,
            "" => Knowledge.No,
            _ => Unknown(part, "human", "knows or may_know"),
        };
        if (part["compare"] is { } compare && compare.Text != "nonempty")
            compare.Fail("compare is nonempty");
        if (part["generated"] is { } generated && generated.Text is not ("id" or "now"))
            generated.Fail("generated is id or now");
        return Checked(
            new()
            {
                Path = path,
                Type = part["ref"] is null ? part.TextOf("type", "text") : "ref",
                Ref = part["ref"]?.Text,
                Human = human,
                Label = part.TextOf("label", label),
                Ask = part["ask"]?.Text,
                Answer = part["answer"]?.Text,
                Generated = part["generated"]?.Text,
                NonEmptyIsEqual = part["compare"] is not null,
                Unordered = part.FlagOf("unordered"),
                Values = part.TextsOf("values"),
                Range = Range(part["range"]),
                Format = Format(part["format"]),
                AnyOwner = part.FlagOf("any_owner"),
                Line = part.Line,
            },
            part
        );
    }

    private static (double Low, double High)? Range(YamlPart? part)
    {
        if (part is null)
            return null;
        if (part.Text.Split("..") is [var from, var to] && Number(from) is { } low && Number(to) is { } high && low <= high)
            return (low, high);
        part.Fail($"\"range\" goes from low to high, such as 0..120, not {part.Text}");
        return null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string? Format(YamlPart? part)
    {
        if (part is null)
            return null;
        try
        {
            _ = Regex.IsMatch("", part.Text);
        }
        catch (ArgumentException e)
        {
            part.Fail($"\"format\" is no regular expression: {e.Message}");
        }

        return part.Text;
    }

    private static Knowledge Unknown(YamlPart part, string key, string known)
    {
        part.Fail($"\"{key}\" is {known}");
        return Knowledge.No;
    }

    private static FieldSpec Checked(FieldSpec field, YamlPart part)
    {
        if (!FieldTypes.All.Contains(field.Type))
            part.Fail($"the type {field.Type} is none of {string.Join(", ", FieldTypes.All)}");
        if (field.Type == "enum" && field.Values.Count == 0)
            part.Fail($"the enum {field.Path} needs its values, such as values: [open, closed]");
        if (field.Values.GroupBy(static v => v, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            part.Fail($"the value {twice.Key} of {field.Path} is there twice");
        return field;
    }
}
