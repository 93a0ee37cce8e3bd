using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Generators of people's names, of what an address holds, and of composed texts.</summary>
internal sealed class NameGenerators(Vocabulary words, Func<string, Phrases> phrases)
{
    private static readonly string[] MailHosts = ["mailbox.example", "post.example", "inbox.example", "letters.example", "webmail.example"];

    public Recipe? Make(string name, List<string> arguments, RecipeText text) =>
        name switch
        {
            "surname" => Recipe.Now(row => words.Surname(row.Random)),
            "first_name" => Recipe.Now(row => words.FirstName(row.Random)),
            "full_name" => Recipe.Now(row => $"{words.FirstName(row.Random)} {words.Surname(row.Random)}"),
            "email" => Recipe.Now(Email),
            "street" => Recipe.Now(row => $"{row.Random.Between(1, 240)} {words.Street(row.Random)}"),
            "city" => Recipe.Now(row => words.City(row.Random)),
            "zip" => Recipe.Now(row => row.Random.Between(10000, 99999).ToString(CultureInfo.InvariantCulture)),
            "phone" => Recipe.Now(row => $"555-{row.Random.Between(0, 9999):D4}"),
            "phrase" => Phrase(arguments, text),
            _ => null,
        };

    private Json Email(RowDraft row)
    {
        var first = row.Read("first_name").Text ?? row.Read("name.first_name").Text ?? words.FirstName(row.Random);
        var last = row.Read("surname").Text ?? row.Read("last_name").Text ?? row.Read("name.last_name").Text ?? words.Surname(row.Random);
        while (true)
        {
            var email = $"{Letters(first)}.{Letters(last)}{row.Random.Between(10, 9999)}@{row.Random.Pick(MailHosts)}";
            if (row.Claim("email", email))
                return email;
        }
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetter).Select(char.ToLowerInvariant));

    // phrase(titles.yaml, {subject}): a text composed by the rules of a file of the pack; the key may come from a field above.
    private Recipe Phrase(List<string> arguments, RecipeText text)
    {
        if (arguments is not [var file, var key])
            throw new ToolError("phrase wants a file and a key in it: phrase(titles.yaml, {subject})");
        var rules = phrases(file);
        var chosen = key.Contains('{', StringComparison.Ordinal) ? text.Read(key) : Recipe.Fixed(key);
        return Recipe.Now(row => rules.Draw(chosen.Draw(row).Text ?? "", row.Random));
    }
}
