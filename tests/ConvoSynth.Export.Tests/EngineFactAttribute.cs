using ConvoSynth.Export.Templates;

namespace ConvoSynth.Export.Tests;

/// <summary>A test that renders templates; skipped if the program was built without npm.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = Missing;

    public static string? Missing => TemplateEngine.IsThere ? null : "the program was built without npm: it renders no templates";
}

/// <inheritdoc cref="EngineFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute() => Skip = EngineFactAttribute.Missing;
}

/// <summary>A test on templates of real models outside the project.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FamiliesFactAttribute : FactAttribute
{
    private const string Variable = "CONVOSYNTH_TEMPLATES";

    public FamiliesFactAttribute() =>
        Skip = Folder is null ? $"{Variable} is unset: it names a folder of chat templates" : EngineFactAttribute.Missing;

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;
}
