using System.Text.RegularExpressions;

namespace ConvoSynth.Architecture.Tests;

/// <summary>
/// Which folder of a project may use which. Files beside the folders lie below all of them. An arrow never runs back up.
/// </summary>
public sealed class FolderArrows
{
    // Lowest first; each with the folders that it may use, all of which come before it.
    private static readonly Dictionary<string, (string Folder, string[] Uses)[]> Allowed = new(StringComparer.Ordinal)
    {
        ["ConvoSynth.Dialogues"] =
        [
            ("Prompts", []),
            ("Traces", []),
            ("Sessions", ["Traces"]),
            ("Recorded", []),
            ("Blueprints", ["Prompts"]),
            ("Roles", ["Prompts", "Sessions"]),
        ],
        ["ConvoSynth.Verification"] =
        [
            ("Evidence", []),
            ("Language", ["Evidence"]),
            ("Needs", ["Evidence", "Language"]),
            ("Checks", ["Evidence", "Language", "Needs"]),
            ("Judges", []),
            ("Verifiers", ["Evidence", "Language", "Needs", "Checks"]),
            ("Audits", ["Verifiers"]),
        ],
        ["ConvoSynth.Runs"] =
        [
            ("Access", []),
            ("Storage", []),
            ("Rows", []),
            ("Folders", ["Storage", "Rows"]),
            ("Journals", ["Storage", "Folders"]),
            ("Trajectories", ["Rows"]),
            ("Usefulness", ["Rows", "Trajectories"]),
            ("Setups", []),
            ("Calibrations", ["Setups"]),
            ("Specs", ["Storage", "Rows", "Folders", "Setups", "Calibrations"]),
            ("Playback", ["Rows", "Folders", "Journals", "Trajectories", "Setups", "Specs"]),
            ("Summaries", ["Rows", "Folders", "Trajectories", "Setups"]),
            ("Rounds", ["Summaries"]),
            ("Campaigns", ["Storage", "Rows", "Folders", "Journals", "Setups", "Specs", "Playback"]),
            ("Forecasts", []),
            ("Promises", ["Storage"]),
        ],
        ["ConvoSynth.Cluster"] =
        [
            ("Redis", []),
            ("Security", []),
            ("Http", []),
            ("Silos", ["Redis", "Security", "Http"]),
            ("Clients", ["Redis", "Security", "Silos"]),
        ],
        ["ConvoSynth.Review"] =
        [
            ("Tables", []),
            ("Decisions", []),
            ("Assets", []),
            ("Replays", ["Decisions"]),
            ("Queues", ["Tables", "Decisions"]),
            ("Exchange", ["Tables", "Decisions", "Replays"]),
            ("Promotions", ["Tables", "Decisions", "Replays"]),
            ("Pages", ["Tables", "Decisions", "Queues"]),
            ("Http", ["Tables", "Decisions", "Replays", "Queues", "Exchange", "Pages"]),
        ],
        ["ConvoSynth.Export"] =
        [
            ("Examples", []),
            ("Losses", ["Examples"]),
            ("Files", []),
            ("Records", ["Files"]),
            ("Templates", ["Files", "Records"]),
            ("Filters", []),
            ("Tokens", ["Examples"]),
            ("Privacy", ["Examples"]),
            ("Renames", ["Files"]),
            ("Selection", ["Examples", "Losses", "Files"]),
            ("Formats", ["Examples", "Losses", "Files", "Templates"]),
            ("Pairs", ["Examples", "Losses", "Files", "Formats"]),
            ("Tasks", ["Files", "Formats"]),
            (
                "Exports",
                ["Examples", "Losses", "Files", "Filters", "Tokens", "Privacy", "Renames", "Selection", "Formats", "Pairs", "Tasks"]
            ),
            ("Inspections", ["Records", "Tokens"]),
        ],
        ["ConvoSynth.Serve"] =
        [
            ("Audits", []),
            ("Rewards", []),
            ("Tasks", []),
            ("Episodes", ["Rewards", "Tasks"]),
            ("Sessions", ["Tasks", "Episodes"]),
            ("Frames", ["Rewards", "Tasks", "Episodes"]),
            ("Mcp", ["Episodes", "Sessions", "Frames"]),
            ("OpenEnv", ["Rewards", "Episodes", "Sessions", "Frames", "Mcp"]),
            ("Ors", ["Tasks", "Episodes", "Sessions", "Frames"]),
            ("NemoGym", ["Rewards", "Tasks", "Episodes", "Sessions", "Frames", "Mcp"]),
            ("Grading", ["Rewards", "Tasks", "Episodes", "Frames"]),
            ("Http", ["Rewards", "Tasks", "Episodes", "Sessions", "Frames", "Mcp", "OpenEnv", "Ors", "NemoGym"]),
        ],
        ["ConvoSynth.Cli"] =
        [
            ("Telemetry", []),
            ("Tables", []),
            ("Texts", ["Tables"]),
            ("Audits", ["Tables"]),
            ("Coverage", ["Tables"]),
            ("Hosting", ["Telemetry", "Tables", "Texts"]),
            ("Commands", ["Telemetry", "Tables", "Texts", "Audits", "Coverage", "Hosting"]),
        ],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_its_place_above_those_that_it_uses(string project)
    {
        var folders = Directory
            .EnumerateDirectories(Path.Combine(Sources.Root, "src", project))
            .Select(d => Path.GetFileName(d))
            .Where(d => d is not ("bin" or "obj"));

        folders.Should().BeEquivalentTo(Allowed[project].Select(a => a.Folder));
        for (var i = 0; i < Allowed[project].Length; i++)
            Allowed[project][i].Uses.Should().BeSubsetOf(Allowed[project].Take(i).Select(a => a.Folder), Allowed[project][i].Folder);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_file_has_the_namespace_of_its_folder(string project) =>
        Code(project).Where(f => !f.Lines.AsSpan().Contains($"namespace {NamespaceOf(f.Path)};")).Select(f => f.Path).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_file_names_only_folders_that_lie_below_its_own(string project)
    {
        var files = Code(project).Select(f => (f.Path, Folder: FolderOf(f.Path), f.Lines)).ToArray();

        files.Should().NotBeEmpty();
        files
            .SelectMany(f => Named(project, f.Lines).Except(MayName(project, f.Folder)).Select(n => $"{f.Path} names {n}"))
            .Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("using ConvoSynth.Verification.Checks;")]
    [InlineData("    private readonly ConvoSynth.Verification.Checks.HumanMark _mark;")]
    [InlineData("        new Checks.HumanMark(),")]
    [InlineData("        Verification.Checks.HumanMark.Evidence")]
    public void Every_way_to_name_a_folder_is_found(string line) =>
        Named("ConvoSynth.Verification", ["namespace ConvoSynth.Verification.Language;", line]).Should().Equal("Checks");

    [Theory]
    [InlineData("        verifier.Checks.Count")]
    [InlineData("        Checks = [check];")]
    [InlineData("using ConvoSynth.Verification;")]
    public void A_member_of_the_same_name_is_no_folder(string line) => Named("ConvoSynth.Verification", [line]).Should().BeEmpty();

    // The entry point stands beside the folders and starts what lies above them.
    private static IEnumerable<(string Path, string[] Lines)> Code(string project) =>
        Sources.Code("src", project).Where(f => !f.Path.EndsWith("/Program.cs", StringComparison.Ordinal));

    // "src/PROJECT/FOLDER/…"; empty beside the folders.
    private static string FolderOf(string path) => path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    private static string NamespaceOf(string path) => string.Join('.', path.Split('/')[1..^1]);

    private static IEnumerable<string> MayName(string project, string folder) =>
        Allowed[project].Where(a => a.Folder == folder).SelectMany(a => a.Uses).Append(folder);

    private static string[] Named(string project, string[] lines)
    {
        var last = project.Split('.')[^1];
        var folders = string.Join('|', Allowed[project].Select(a => a.Folder));
        var named = new Regex($@"\b{last}\.(?<folder>{folders})\b|(?<![\w.])(?<folder>{folders})\.[A-Z]");
        return
        [
            .. lines
                .Where(l => !l.StartsWith("namespace ", StringComparison.Ordinal))
                .SelectMany(l => named.Matches(l))
                .Select(m => m.Groups["folder"].Value)
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
