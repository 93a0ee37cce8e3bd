using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal;

/// <summary>The mistakes that the rehearsal agent can be told to make. The names label the messages that carry them.</summary>
public static class FaultKinds
{
    /// <summary>A write succeeds with a value that nobody asked for.</summary>
    public const string WrongArgument = "wrong-argument";

    /// <summary>A confirmed write is not made, and yet reported.</summary>
    public const string MissingWrite = "missing-write";

    /// <summary>A write succeeds that nobody asked for.</summary>
    public const string ExtraWrite = "extra-write";

    /// <summary>A write succeeds and is taken back by another, so that the end state alone may not show it.</summary>
    public const string WriteThenUndo = "write-then-undo";

    /// <summary>The wanted write is made before its details were said and agreed to.</summary>
    public const string WriteBeforeYes = "write-before-yes";

    /// <summary>A read shows somebody's data before that somebody proved who they are.</summary>
    public const string DataBeforeIdentity = "data-before-identity";

    /// <summary>A write that policy forbids is made instead of refused.</summary>
    public const string ForbiddenWrite = "forbidden-write";

    /// <summary>An allowed wish is refused.</summary>
    public const string NeedlessRefusal = "needless-refusal";

    /// <summary>A call's arguments are no JSON, and the agent goes on as if it had worked.</summary>
    public const string MalformedArguments = "malformed-arguments";

    /// <summary>A tool is called that does not exist, and the agent goes on as if it had worked.</summary>
    public const string UnknownTool = "unknown-tool";

    /// <summary>All kinds, in a fixed order.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        WrongArgument, MissingWrite, ExtraWrite, WriteThenUndo, WriteBeforeYes, DataBeforeIdentity, ForbiddenWrite, NeedlessRefusal,
        MalformedArguments, UnknownTool,
    ];
}
