namespace ConvoSynth.Domains.Tests;

/// <summary>A test on real data that is no part of the project; skipped, with this line, where its folder is not named.</summary>
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
