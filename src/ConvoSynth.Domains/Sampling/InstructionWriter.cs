using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Renders a scenario as the instruction of a simulated human: second person, every fact in its spoken form, the requests with their
/// conditions, the unknowns, and when to stop. Facts with disclosure <c>never</c> are left out, so they cannot leak.
/// </summary>
public static class InstructionWriter
{
    private static readonly string[] Manners = ["Your manner: {0}.", "How you come across: {0}.", "You talk like this: {0}.", "Tone: {0}."];
    private static readonly string[] Reasons =
    [
        "You get in touch because {0}.",
        "{0}, and so you get in touch.",
        "The background: {0}.",
        "You are here because {0}.",
    ];
    private static readonly string[] Wants = ["You want to {0}", "You would like to {0}", "Your goal is to {0}", "You have come to {0}"];
    private static readonly string[] Nexts =
    [
        "You also want to {0}",
        "After that, you want to {0}",
        "In addition, you want to {0}",
        "Then you want to {0}",
    ];
    private static readonly string[] Changes =
    [
        "When the agent asks whether to go ahead, you change your mind: now you want to {0}",
        "But before it is done you think again, and tell the agent that you would rather {0}",
        "As soon as the agent is ready to do it, you change your mind and want to {0}",
    ];
    private static readonly string[] Corrections =
    [
        "That is a mistake of yours, which you notice when the agent repeats it. You put it right: you want to {0}",
        "You have mixed something up there. As soon as the agent makes sure, you correct yourself: you want to {0}",
        "You misspeak there, and put it right when you hear it again. What you really want is to {0}",
    ];
    private static readonly string[] Means =
    [
        "You do not say it more exactly unless you are asked. What you mean is to {0}",
        "It does not occur to you that this could mean several things; if asked, you want to {0}",
        "That is all you say of it at first. Asked which one you mean, you want to {0}",
    ];
    private static readonly string[] Offers =
    [
        "You mention this unprompted: {0}.",
        "You say right away: {0}.",
        "Without being asked you tell the agent: {0}.",
    ];
    private static readonly string[] Keeps =
    [
        "Only when asked, you say: {0}.",
        "You give this when the agent asks for it: {0}.",
        "If asked, you answer: {0}.",
    ];
    private static readonly string[] Lacks =
    [
        "You do not know {0} and do not make it up.",
        "You have no idea of {0}; if asked, say so.",
        "You cannot give {0}, since you do not know it.",
    ];
    private static readonly string[] Ends = ["You are done when {0}.", "The conversation is over for you when {0}.", "Stop when {0}."];

    /// <summary>Writes the instruction. The same scenario, persona and seed give the same text.</summary>
    public static string Write(Scenario scenario, Persona persona, Seed seed)
    {
        var random = seed.For("instruction").Random();
        var text = new StringBuilder(512);
        if (persona.Manner.Length > 0)
            Add(text, random, Manners, persona.Manner.TrimEnd('.'));
        if (scenario.Reason.Length > 0)
            Add(text, random, Reasons, Perspective.Second(scenario.Reason).TrimEnd('.'));
        for (var i = 0; i < scenario.Requests.Length; i++)
            Wish(text, random, scenario.Requests[i], i == 0);
        Facts(text, random, scenario, Disclosure.Volunteer, Offers);
        Facts(text, random, scenario, Disclosure.WhenAsked, Keeps);
        if (!scenario.Unknowns.IsEmpty)
            Add(text, random, Lacks, Phrasing.And([.. scenario.Unknowns.Select(Theirs).Distinct(StringComparer.Ordinal)]));
        if (scenario.Conduct is { } conduct)
            Append(text, conduct);
        Add(text, random, Ends, Perspective.Second(Stripped(scenario.StopWhen, "when ")).TrimEnd('.'));
        return text.ToString();
    }

    private static void Wish(StringBuilder text, SeededRandom random, Request request, bool first)
    {
        var lead = random.Pick(first ? Wants : Nexts);
        if (request.Opening is { } opening)
        {
            var start = Perspective.Second(Phrasing.AsAct(opening));
            Append(text, Phrasing.Sentence(string.Format(lead, start)));
            var meant = Perspective.Second(Phrasing.AsAct(request.Words));
            Append(
                text,
                Phrasing.Sentence(
                    string.Format(
                        random.Pick(
                            request.First switch
                            {
                                null => Means,
                                { IsMistake: true } => Corrections,
                                _ => Changes,
                            }
                        ),
                        meant
                    )
                )
            );
            return;
        }

        if (request.When is { } when)
        {
            Append(text, Decided(when, request));
            return;
        }

        if (request.Alternatives.IsEmpty)
        {
            Append(text, Phrasing.Sentence(string.Format(lead, Perspective.Second(Act(request.Words, request.Kind == RequestKind.Tell)))));
            return;
        }

        for (var i = 0; i < request.Alternatives.Length; i++)
        {
            var branch = request.Alternatives[i];
            var words = Perspective.Second(Phrasing.AsAct(branch.Words));
            var condition = Perspective.Second(branch.When);
            if (i == 0 && !first)
                condition = "next, " + condition;
            Append(text, Phrasing.Sentence($"{condition}, you want to {words}"));
        }
    }

    /// <summary>A wish that hangs on an answer, and what follows from another answer.</summary>
    internal static string Decided(string when, Request request) =>
        $"{Phrasing.Sentence($"{when}, you want to {Perspective.Second(Phrasing.AsAct(request.Words))}")} Otherwise you want nothing more.";

    private static string Act(string words, bool isQuestion) =>
        isQuestion && !words.StartsWith("know ", StringComparison.Ordinal) ? "know " + words : Phrasing.AsAct(words);

    // A fact whose value occurs in a request need not be repeated. A fact that is withheld until asked must still be listed as such.
    private static void Facts(StringBuilder text, SeededRandom random, Scenario scenario, Disclosure disclosure, string[] lead)
    {
        List<string>? parts = null;
        foreach (var fact in scenario.Facts)
        {
            if (fact.Disclosure != disclosure)
                continue;
            var isInWish = scenario.Requests.Any(r => r.Slots.Contains(fact.Slot, StringComparer.Ordinal));
            if (disclosure == Disclosure.Volunteer && isInWish && text.ToString().Contains(fact.Said, StringComparison.Ordinal))
                continue;
            var name = isInWish ? $"the {fact.Label}" : Theirs(fact.Label);
            (parts ??= []).Add(Phrasing.Counted(fact.Type, fact.Label, fact.Said) ?? $"{name} {Phrasing.Is(fact.Label)} {fact.Said}");
        }

        if (parts is not null)
            Add(text, random, lead, string.Join("; ", parts.Distinct(StringComparer.Ordinal)));
    }

    private static string Theirs(string label) =>
        label.StartsWith("your ", StringComparison.Ordinal) || label.StartsWith("the ", StringComparison.Ordinal) ? label : "your " + label;

    private static string Stripped(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static void Add(StringBuilder text, SeededRandom random, string[] lines, string words) =>
        Append(text, Phrasing.Capital(string.Format(random.Pick(lines), words)));

    private static void Append(StringBuilder text, string sentence)
    {
        if (text.Length > 0)
            text.Append(' ');
        text.Append(sentence);
    }
}
