namespace ConvoSynth.Serve.Frames;

/// <summary>The program's version, as servers tell it.</summary>
internal static class ServerVersion
{
    public static string Text { get; } = typeof(ServerVersion).Assembly.GetName().Version!.ToString(3);
}
