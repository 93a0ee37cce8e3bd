using System.Collections.Immutable;

namespace ConvoSynth.Core.Blueprints;

/// <summary>The kinds of difficulty that a task may have, as <see cref="Blueprint.Slice"/> names them.</summary>
public static class Slices
{
    /// <summary>An agent that follows the policy step by step is right.</summary>
    public const string Base = "base";

    /// <summary>The human leaves out a value that a write needs and that no tool shows: the agent must ask, not guess.</summary>
    public const string MissingParameter = "missing-parameter";

    /// <summary>The tool that the wish needs is not offered: the agent says so and hands the conversation over.</summary>
    public const string MissingTool = "missing-tool";

    /// <summary>A question that the policy alone answers: the agent answers it and calls nothing.</summary>
    public const string Irrelevant = "irrelevant";

    /// <summary>The policy forbids the wish: the agent refuses it with the reason.</summary>
    public const string OutOfPolicy = "out-of-policy";

    /// <summary>A call fails for a time, or for good, although it is right.</summary>
    public const string ToolError = "tool-error";

    /// <summary>The human changes a wish before it is carried out.</summary>
    public const string ChangedMind = "changed-mind";

    /// <summary>Several wishes of one person, told at once.</summary>
    public const string Composite = "composite";

    /// <summary>What the human wants is so already: the agent says so and writes nothing.</summary>
    public const string NoOp = "no-op";

    /// <summary>The human's words fit several of their rows: the agent must ask which one is meant.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>Tools are offered that only look like the tools that the wish needs.</summary>
    public const string DistractorTools = "distractor-tools";

    /// <summary>The tool that the wish needs is offered only after the agent has said that it lacks it.</summary>
    public const string LateTool = "late-tool";

    /// <summary>The policy asks for calls that do not depend on each other in one message.</summary>
    public const string Parallel = "parallel";

    /// <summary>The person has hundreds of rows, and the meant one stands deep in what a tool lists.</summary>
    public const string LongContext = "long-context";

    /// <summary>The human answers a refusal with a claim that is not so: a colleague of the agent has approved it.</summary>
    public const string FalseApproval = "false-approval";

    /// <summary>The human says a wrong fact, and puts it right when the agent makes sure.</summary>
    public const string CorrectedFact = "corrected-fact";

    /// <summary>A value that the human wants used stands only in another record of theirs: the agent must read that record.</summary>
    public const string OtherRecord = "other-record";

    /// <summary>The human begins with something off the subject, and says what they want only when it has been answered.</summary>
    public const string OffSubject = "off-subject";

    /// <summary>The human does not stop when all is done, and asks for it once more.</summary>
    public const string NoStop = "no-stop";

    /// <summary>The human asks something first, and decides by the answer whether they want anything done.</summary>
    public const string DependsOnAnswer = "depends-on-answer";

    /// <summary>All slices, in a fixed order.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Base,
        MissingParameter,
        MissingTool,
        Irrelevant,
        OutOfPolicy,
        ToolError,
        ChangedMind,
        Composite,
        NoOp,
        Ambiguous,
        DistractorTools,
        LateTool,
        Parallel,
        LongContext,
        FalseApproval,
        CorrectedFact,
        OtherRecord,
        OffSubject,
        NoStop,
        DependsOnAnswer,
    ];
}
