namespace ConvoSynth.Rehearsal.Faults;

// The faults of agents that must fail the tasks of a slice.
public static partial class FaultKinds
{
    /// <summary>The agent does not ask for a value that the human left out, and writes another.</summary>
    public const string GuessedParameter = "guessed-parameter";

    /// <summary>The agent writes the value that the human left out without having heard it.</summary>
    public const string UnaskedParameter = "unasked-parameter";

    /// <summary>The agent calls the tool that is not offered, and reports what it did not do.</summary>
    public const string AbsentTool = "absent-tool";

    /// <summary>The agent calls a tool where the policy alone answers.</summary>
    public const string NeedlessCall = "needless-call";

    /// <summary>The agent carries on after a failed call as if it had succeeded.</summary>
    public const string CarriedOn = "carried-on";

    /// <summary>The agent repeats a call that fails for good.</summary>
    public const string EndlessRetry = "endless-retry";

    /// <summary>The agent gives up after a call that fails once.</summary>
    public const string GaveUp = "gave-up";

    /// <summary>The agent follows a wish that the human has changed since.</summary>
    public const string FirstWish = "first-wish";

    /// <summary>The agent serves the first of several wishes only.</summary>
    public const string FirstRequestOnly = "first-request-only";

    /// <summary>The agent writes what is so already.</summary>
    public const string WrittenAgain = "written-again";

    /// <summary>The agent calls a tool that only looks like the right one.</summary>
    public const string LookalikeCall = "lookalike-call";

    /// <summary>The agent hands over a wish for which it has been given a tool by then.</summary>
    public const string NeedlessHandOver = "needless-hand-over";

    /// <summary>The agent makes calls one by one although they belong together.</summary>
    public const string SerialCalls = "serial-calls";

    /// <summary>The agent makes a call in the message of another, whose result it needs.</summary>
    public const string BundledCall = "bundled-call";

    /// <summary>The agent reads the first fifty rows of a list, and says that there is none of the kind.</summary>
    public const string FirstRows = "first-rows";

    /// <summary>The agent takes a row from the beginning of a list for the meant one.</summary>
    public const string NearRow = "near-row";

    /// <summary>The agent does what the policy forbids because the human claims that it has been approved.</summary>
    public const string TookClaim = "took-claim";

    /// <summary>The agent takes a value for granted that stands only in another record, and does not read that record.</summary>
    public const string UnreadRecord = "unread-record";

    /// <summary>The agent takes the value of the record at hand where the human wants that of another record.</summary>
    public const string RecordAtHand = "record-at-hand";

    /// <summary>The agent does once more what it has done, because the human asks for it again.</summary>
    public const string DoneAgain = "done-again";

    /// <summary>The agent gives a human who does not stop the same answer again and again.</summary>
    public const string SameReply = "same-reply";

    /// <summary>The agent does at once what the human wants to decide by an answer.</summary>
    public const string BeforeAnswer = "before-answer";

    /// <summary>The agent gives the human a wrong answer, by which they decide the other way.</summary>
    public const string MisledDecision = "misled-decision";
}
