using System.CommandLine;
using ConvoSynth.Cli.Commands;
using ConvoSynth.Review.Http;

namespace ConvoSynth.Review.Tests;

/// <summary>A run with planted faults, made once by the program itself.</summary>
public sealed class ReviewRun : IAsyncLifetime
{
    public const string Collection = "review run";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-review-");
    private int _copies;

    /// <summary>The program, where it was built: beside the tests it lacks assemblies that they take from ASP.NET Core.</summary>
    public static string Program { get; } =
        RepositoryRoot.At(
            "artifacts",
            "build",
            "bin",
            "ConvoSynth.Cli",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "convosynth.dll"
        );

    public string Made => Path.Combine(_folder.FullName, "made", "demo");

    public async Task InitializeAsync()
    {
        string[] arguments =
        [
            "generate",
            "--packs",
            RepositoryRoot.At("blueprints"),
            "--domain",
            "library",
            "--domain",
            "retail",
            "--count",
            "240",
            "--fault-rate",
            "0.4",
            "--seed",
            "3",
            "--out",
            Made,
        ];
        (await Run(arguments)).Should().Be(0);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A copy of the run, with decisions of its own.</summary>
    public string Copy() => Copy(_ => true);

    /// <summary>A copy of the run without its rows, for a test that writes others.</summary>
    public string CopyWithoutRows()
    {
        string[] written = ["accepted", "undecided", "rejected", "manifest", "review"];
        return Copy(part => !written.Contains(part.Split(Path.DirectorySeparatorChar)[0]));
    }

    private string Copy(Func<string, bool> takes)
    {
        var target = Path.Combine(_folder.FullName, $"copy-{Interlocked.Increment(ref _copies)}", "demo");
        foreach (var file in Directory.EnumerateFiles(Made, "*", SearchOption.AllDirectories))
        {
            var part = Path.GetRelativePath(Made, file);
            if (!takes(part))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, part))!);
            File.Copy(file, Path.Combine(target, part));
        }

        return target;
    }

    /// <summary>Runs a command of the program.</summary>
    public static async Task<int> Run(params string[] arguments)
    {
        var root = new RootCommand();
        root.Options.Add(CommandErrors.Trace);
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        return await root.Parse(arguments).InvokeAsync();
    }

    internal static Task<ReviewServer> Serve(string run, bool blind = false) =>
        ReviewServer.Start(
            new()
            {
                Run = run,
                Port = 0,
                Reviewer = "ada",
                Blind = blind,
            },
            TimeProvider.System,
            CancellationToken.None
        );
}

[CollectionDefinition(ReviewRun.Collection)]
public sealed class ReviewRunCollection : ICollectionFixture<ReviewRun>;
