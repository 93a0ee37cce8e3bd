namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The agent's phrases, by tone; a dialogue's agent keeps one tone. No line makes a claim by itself.</summary>
internal static class AgentLines
{
    public static readonly Lines Welcome = new(
        "Hello! What can I do for you?",
        "Hi there, how can I help you today?",
        "Welcome! What is it about?",
        "Hello, you've come to the right place. What can I do for you?",
        "Hi! How can I help?",
        "Hello, I'm happy to help. What do you need?"
    );

    public static readonly Lines Ack = new(
        "Sure, I can help you with that.",
        "Of course.",
        "Certainly, I'll take a look.",
        "I can help with that.",
        "Thanks for getting in touch.",
        "I'd be glad to help.",
        "Happy to help.",
        "Let me see what I can do."
    )
    {
        Brief = ["Sure.", "Okay.", "Of course."],
        Polite =
        [
            "Thank you for reaching out. I'd be glad to help.",
            "Thank you for your message; I'll be happy to look into this for you.",
            "Certainly, it would be my pleasure.",
        ],
        Chatty = ["Absolutely, let's get that sorted out.", "Great, let's have a look at this together.", "No problem at all, I'm on it."],
    };

    /// <summary>{0}: "your card number and your surname".</summary>
    public static readonly Lines AskIdentity = new(
        "Could you please give me {0}?",
        "To get started, may I have {0}?",
        "First I need to make sure who I'm talking to. Could you tell me {0}?",
        "Could you share {0}, so that I can find your record?",
        "Before I look anything up, please tell me {0}.",
        "For security, I'll need {0} first.",
        "I just need to verify your identity: may I have {0}?"
    )
    {
        Brief = ["May I have {0}?", "Please give me {0}.", "I'll need {0} first."],
        Polite = ["Would you be so kind as to give me {0}?", "May I ask you for {0}, so that I can verify your identity?"],
        Chatty =
        [
            "So that I can pull up your details, what should I look for? I need {0}.",
            "Let me find you in our system first. Could you give me {0}?",
        ],
    };

    public static readonly Lines AskRest = new(
        "Thank you. And {0}?",
        "Thanks. I also need {0}, please.",
        "Got it. Could you give me {0} as well?",
        "Thank you. The last thing I need is {0}.",
        "Thanks, and may I have {0} too?",
        "Noted. I still need {0}."
    );

    /// <summary>{0}: "the title and how many weeks".</summary>
    public static readonly Lines AskFacts = new(
        "Could you tell me {0}?",
        "Please tell me {0}.",
        "I just need to know {0}.",
        "Can you tell me {0}?",
        "To go on, I need to know {0}.",
        "I still need to know {0}.",
        "Would you tell me {0}?"
    )
    {
        Brief = ["Please tell me {0}.", "I need to know {0}."],
        Polite = ["Would you please tell me {0}?", "May I ask you to tell me {0}?"],
        Chatty = ["Let's get the details straight. Could you tell me {0}?", "Great, then I only need to know {0}."],
    };

    public static readonly string[] AllDetails = ["all the details", "the details", "exactly what it should be", "the full details"];

    public static readonly string[] AndAlso =
    [
        "Also, could you tell me {0}?",
        "And please tell me {0}, too.",
        "I'll also need to know {0}.",
    ];

    /// <summary>Said after the person's rows were read, before the dialogue continues.</summary>
    public static readonly Lines Found = new(
        "Thank you, I've found your record.",
        "Thank you for waiting.",
        "Thanks, I have it in front of me now.",
        "Thank you, I've looked it up.",
        "I've checked that.",
        "All right, I have your details here.",
        "Thanks for your patience."
    )
    {
        Brief = ["Thanks.", "Found it.", "I've checked."],
        Polite = ["Thank you very much for waiting.", "Thank you, I was able to verify everything."],
        Chatty = ["Great, everything loaded nicely.", "There we go, I've got it all right here.", "Perfect, there you are."],
    };

    /// <summary>Text beside a call, if the policy allows it.</summary>
    public static readonly string[] Looking =
    [
        "Let me look that up.",
        "One moment, please.",
        "Let me check that for you.",
        "I'll have a look.",
        "Just a second.",
        "Let me pull that up.",
    ];

    /// <summary>Before a list of details. {0}: the request, completing "I can …".</summary>
    public static readonly Lines ConfirmLead = new(
        "I can {0}. These are the details:",
        "Let me confirm before I change anything. I would {0}:",
        "Just to make sure I have it right, you'd like me to {0}:",
        "So I would {0}. The details:",
        "Everything checks out, so I can {0}. To sum up:",
        "Here is what I'd do: {0}. In detail:",
        "I'm ready to {0}. Please check the details:"
    )
    {
        Brief = ["I can {0}:", "To confirm, I would {0}:"],
        Polite = ["I'd be glad to {0}. May I confirm the details with you:", "I can certainly {0}, and these would be the details:"],
        Chatty = ["Good news, I can {0}. Let's just go over it together:", "All right, so the plan is to {0}. In detail:"],
    };

    /// <summary>The same with the details inline; {1}: the details.</summary>
    public static readonly Lines ConfirmInline = new(
        "I can {0} ({1}).",
        "Let me confirm before I change anything: I would {0} ({1}).",
        "Just to make sure I have it right, you'd like me to {0} ({1}).",
        "So I would {0} ({1}).",
        "Everything checks out, so I can {0} ({1}).",
        "Here is what I'd do: {0} ({1}).",
        "I'm ready to {0}. For the record, {1}.",
        "So you'd like me to {0}. I have noted {1}."
    )
    {
        Brief = ["I can {0} ({1}).", "To confirm: {0} ({1})."],
        Polite = ["I'd be very glad to {0} ({1}).", "To confirm, you would like me to {0} ({1})."],
        Chatty = ["Good news, I can {0}! In detail: {1}.", "All right, so the plan is to {0} ({1})."],
    };

    /// <summary>For a request without further details.</summary>
    public static readonly string[] ConfirmBare =
    [
        "Shall I {0}?",
        "I can {0}. Shall I go ahead?",
        "So you'd like me to {0}. Is that right?",
        "Just to confirm: you want me to {0}?",
        "Would you like me to {0} now?",
    ];

    public static readonly Lines ConfirmAsk = new(
        "Shall I go ahead?",
        "Do you want me to go ahead?",
        "Would you like me to proceed?",
        "May I go ahead with this?",
        "Is that correct, and shall I proceed?",
        "Please say yes if I should go ahead.",
        "Do you confirm this (yes/no)?"
    )
    {
        Brief = ["Shall I?", "Go ahead?", "OK to proceed?"],
        Polite = ["Would you like me to go ahead with that?", "If you agree, please say yes and I'll take care of it right away. Shall I?"],
        Chatty = ["Does that look right to you, and should I go for it?", "If that all looks good, shall I make it happen?"],
    };

    /// <summary>After a question about the details; {0}: the details in one line.</summary>
    public static readonly Lines Again = new(
        "Of course: {0}.",
        "Sure, this is all of it: {0}.",
        "Certainly. I would enter only this: {0}.",
        "No problem. {0}. That is all that would change.",
        "Happy to repeat it: {0}.",
        "Gladly. {0}, and nothing beyond that."
    );

    /// <summary>After the refusal of a first choice, if the second must be refused too.</summary>
    public static readonly string[] NorSecond =
    [
        "I looked at your alternative as well.",
        "So I turned to your second choice.",
        "The alternative doesn't work either.",
    ];

    /// <summary>{0}: the completed action, a full sentence.</summary>
    public static readonly Lines Report = new(
        "{0}",
        "All done. {0}",
        "That's taken care of. {0}",
        "Thank you, it's done. {0}",
        "It went through. {0}",
        "Thanks for confirming. {0}",
        "I've made the change. {0}",
        "There we are. {0}"
    )
    {
        Brief = ["Done. {0}", "{0}"],
        Polite = ["Thank you for your patience, it is done. {0}", "I'm pleased to tell you that it went through. {0}"],
        Chatty = ["And that's that! {0}", "Great, all sorted. {0}"],
    };

    /// <summary>{0}: the answer, a full sentence.</summary>
    public static readonly Lines Answer = new(
        "{0}",
        "I've checked: {1}",
        "Here's what I found: {1}",
        "I can tell you that {1}",
        "From what I see here, {1}",
        "I looked it up for you. {0}"
    )
    {
        Brief = ["{0}"],
        Chatty = ["Good question, let me tell you what I see here. {0}", "So, I had a look. {0}"],
    };

    /// <summary>An answer such as "it is $5", as a sentence and as a clause.</summary>
    public static readonly string[] ShortAnswer =
    [
        "{0}",
        "I've checked: {1}",
        "Here's what I found: {1}",
        "I've had a look. {0}",
        "I looked it up for you: {1}",
    ];

    public static readonly string[] HandOver =
    [
        "I have to hand you over to a colleague for this. Is that all right?",
        "A colleague has to take it from here. Shall I transfer you?",
    ];
}
