using System.CommandLine;
using System.Text.RegularExpressions;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs new NAME</c>: copies a pack under another name, to be edited.</summary>
internal static partial class PacksNewCommand
{
    private static readonly Argument<string> Name = new("name")
    {
        Description = "The name of the new pack: small letters, digits and hyphens. It becomes a folder of that name.",
    };
    private static readonly Option<string> From = new("--from") { Description = "The pack to copy.", DefaultValueFactory = _ => "library" };
    private static readonly Option<string> Into = new("--into")
    {
        Description = "The folder of packs that gets the new one; in the working folder, blueprints is found without --packs.",
        DefaultValueFactory = _ => "blueprints",
    };

    public static Command Create()
    {
        var command = new Command("new", "Copy a domain pack under another name, to edit it.") { Name, From, Into, CommonOptions.Packs };
        command.SetWork((parsed, _) => Task.FromResult(Copy(parsed)));
        return command;
    }

    private static int Copy(ParseResult parsed)
    {
        var (name, into) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(Into));
        if (!PackName().IsMatch(name))
            throw new CommandException($"\"{name}\" is no name of a pack; it must be small letters, digits and hyphens, a letter first");
        var from = parsed.GetRequiredValue(From);
        var source = new PackFolders(parsed.GetValue(CommonOptions.Packs)).FolderOf(from);
        var target = Path.Combine(into, name);
        if (Directory.Exists(target) || File.Exists(target))
            throw new CommandException($"{target} exists already; choose another name, or remove it");
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, file);
            var copy = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (relative == "domain.yaml")
                File.WriteAllText(copy, DomainLine().Replace(File.ReadAllText(file), $"domain: {name}", 1));
            else if (Path.GetExtension(file) == ".cs")
                File.WriteAllText(copy, Namespace().Replace(File.ReadAllText(file), NamespaceOf(name), 1));
            else
                File.Copy(file, copy);
        }

        Console.WriteLine($"{target} is a copy of {from}; edit it, then try it with: convosynth packs accept {target}");
        return 0;
    }

    // Two packs with one namespace cannot be compiled in one build. "eye-clinic" becomes EyeClinic.
    private static string NamespaceOf(string name) =>
        "namespace ConvoSynth.Packs."
        + string.Concat(name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..]))
        + ";";

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PackName();

    [GeneratedRegex(@"^domain:[ \t]*\S+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex DomainLine();

    [GeneratedRegex(@"^namespace\s+[\w.]+\s*;", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
