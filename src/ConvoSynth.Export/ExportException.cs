namespace ConvoSynth.Export;

/// <summary>An export that cannot be made; its message is one sentence for a person.</summary>
public sealed class ExportException(string message) : Exception(message);
