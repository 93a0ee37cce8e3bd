namespace ConvoSynth.Export.Templates;

/// <summary>A template refuses what it is given; the message is the template's or the engine's.</summary>
internal sealed class TemplateException(string message) : Exception(message);
