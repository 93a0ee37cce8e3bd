namespace ConvoSynth.Domains.Tests;

/// <summary>
/// A test on real data outside the project; skipped, with this message, unless an environment variable names the data's folder.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    private const string Variable = "CONVOSYNTH_CHECK_DATA";

    public RealDataFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            Skip = $"{Variable} is unset: it names the folder that holds the benchmark's data";
    }

    public static string Folder(string domain) => Path.Combine(Environment.GetEnvironmentVariable(Variable)!, domain);
}
