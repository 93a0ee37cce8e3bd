namespace ConvoSynth.Grains;

/// <summary>
/// How an exception stands in a row. Grains pass failures on as such text, never as exceptions: those do not all survive a wire, and a row
/// must not depend on whether there was one.
/// </summary>
internal static class ErrorText
{
    public static string Of(Exception e) => $"{e.GetType().Name}: {e.Message}";
}
