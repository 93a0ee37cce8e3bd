using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>A format for supervised training: one record an example.</summary>
internal abstract class ExampleFormat : ExportFormat
{
    /// <summary>Whether the format only knows examples of which the last message alone is learned.</summary>
    public virtual bool IsOfTurns => false;

    /// <summary>What the format can say.</summary>
    public abstract Holds HoldsOf(bool eachTurn);

    /// <summary>The format in the form that a chat template takes.</summary>
    /// <exception cref="ExportException">The format has one form, or needs a template; or the file is no template.</exception>
    public virtual ExampleFormat By(string? template) =>
        template is null ? this : throw new ExportException($"--template: {Name} has one form; leave the option out");

    /// <summary>Why the format cannot hold an example, as a reason that is counted; null if it can.</summary>
    public virtual string? Problem(Example example) => null;

    /// <summary>The text that a trainer reads of an example that has no problem; null if the trainer renders it.</summary>
    public virtual string? TextOf(Example example) => null;

    /// <summary>Begins the files of one split.</summary>
    public abstract IRecordFiles<Example> Begin(OutputFolder output, string split, bool eachTurn);
}
