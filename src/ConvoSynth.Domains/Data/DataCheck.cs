using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Checks made rows against the field types of domain.yaml: the first misfit of each field is a fault.</summary>
internal static class DataCheck
{
    public static void Run(DomainSpec domain, MadeTables made, IReadOnlyList<TableRecipe> recipes)
    {
        foreach (var recipe in recipes)
        {
            if (recipe.Entity is not { } entity) continue;
            foreach (var field in entity.Fields.Values.Where(f => !f.Path.Contains("[]", StringComparison.Ordinal)).OrderBy(f => f.Path, StringComparer.Ordinal))
            {
                foreach (var row in made.Rows(recipe.Name))
                {
                    var value = FieldPath.Read(row.Values, field.Path);
                    if (Misfit(domain, made, field, value) is not { } misfit) continue;
                    var at = recipe.Fields.FirstOrDefault(f => f.Path == field.Path)?.At ?? recipe.At;
                    at.Fail($"{recipe.Name}/{row.Key}: {field.Path} is {value}, {misfit}");
                    break;
                }
            }
        }
    }

    private static string? Misfit(DomainSpec domain, MadeTables made, FieldSpec field, Json value)
    {
        if (value.IsNull) return null;
        return field.Type switch
        {
            "money" or "count" when value.Number is null => $"which is no number (type {field.Type})",
            "count" when value.Number is { } number && !double.IsInteger(number) => "which is no whole number (type count)",
            "flag" when value.Flag is null => "which is not true or false (type flag)",
            "date" when !FieldValues.TryDate(value.Text ?? "", out _) => "which is no date such as 2031-03-04",
            "enum" when field.Values.Count > 0 && !field.Values.Contains(value.Text ?? "") => $"which is none of {string.Join(", ", field.Values)}",
            "ref" when made.Find(domain.Entity(field.Ref!).Table, value.Text ?? "") is null && domain.Entity(field.Ref!).Parent is null => $"which is the key of no {field.Ref}",
            "id" or "name" when value.Text is null => $"which is no text (type {field.Type})",
            _ => null,
        };
    }
}
