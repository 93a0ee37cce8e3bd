namespace ConvoSynth.Domains.Tests;

/// <summary>Finds the project's folders, starting from the test's folder.</summary>
internal static class Repository
{
    public static string Folder(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ConvoSynth.sln")))
                return Path.Combine(at.FullName, path);
        }

        throw new DirectoryNotFoundException("no folder above the tests holds ConvoSynth.sln");
    }
}
