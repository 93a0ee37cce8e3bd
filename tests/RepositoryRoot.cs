namespace ConvoSynth.Tests;

/// <summary>
/// The repository that the tests run in: the nearest folder above them with the solution. Compiled into every test project.
/// </summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ConvoSynth.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"no ConvoSynth.sln above {AppContext.BaseDirectory}");
    }
}
