namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// The text of an exception in a row. Grains pass failures as this text and never as exceptions: not every exception survives
/// serialization. A row must not depend on whether a call was remote.
/// </summary>
internal static class ErrorText
{
    public static string Of(Exception e) => $"{e.GetType().Name}: {e.Message}";
}
