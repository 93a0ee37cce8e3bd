namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>Tests that take over console and working folder, which a process has once: they run alone and in turn.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ConsoleCollection : ICollectionFixture<DemoRun>
{
    public const string Name = "console";
}
