using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ConvoSynth.Export.Renames;

/// <summary>Names of tools: how they are spelled, drawn and found in text.</summary>
internal static partial class ToolNames
{
    private const string Consonants = "bdfgklmnprstvz";
    private const string Vowels = "aeiou";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }

    public static bool IsName(string text) => Name.IsMatch(text);

    /// <summary>A name that means nothing, such as <c>gopesu_tami</c>: the same for one seed, dialogue and tool.</summary>
    public static string Drawn(long seed, string dialogue, string tool, int attempt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{dialogue}\n{tool}\n{attempt}"));
        var name = new StringBuilder();
        for (var i = 0; i < 5; i++)
        {
            if (i == 3)
                name.Append('_');
            name.Append(Consonants[hash[2 * i] % Consonants.Length]).Append(Vowels[hash[2 * i + 1] % Vowels.Length]);
        }

        return name.ToString();
    }

    /// <summary>
    /// Where a text means a tool. A name such as <c>find_member</c> is no other word; <c>think</c> is, so it means the tool only in marks
    /// of code or before a bracket.
    /// </summary>
    public static Regex Mentions(IEnumerable<string> tools)
    {
        var all = tools
            .OrderByDescending(t => t.Length)
            .ToLookup(t => t.Contains('_', StringComparison.Ordinal) || t.Any(char.IsAsciiDigit));
        string[] forms =
        [
            .. all[true].Any() ? [$@"(?<![\w-])(?:{Any(all[true])})(?![\w-])"] : Array.Empty<string>(),
            .. all[false].Any()
                ? [$@"(?<=[`""'])(?:{Any(all[false])})(?=[`""'])|(?<![\w-])(?:{Any(all[false])})(?=\()"]
                : Array.Empty<string>(),
        ];
        return new(forms.Length == 0 ? "(?!)" : string.Join('|', forms), RegexOptions.CultureInvariant);

        static string Any(IEnumerable<string> names) => string.Join('|', names.Select(Regex.Escape));
    }
}
