namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What both roles say beside the matter.</summary>
internal static class SmallTalkLines
{
    /// <summary>The agent leads over to what the human came for.</summary>
    public static readonly Lines ToTheMatter = new(
        "What can I do for you?",
        "But tell me, how can I help you today?",
        "What brings you here?",
        "Is there something that I can help you with?",
        "Now, what is it about?"
    )
    {
        Brief = ["What can I do for you?", "How can I help?"],
        Polite = ["May I ask how I can help you today?"],
        Chatty = ["So, what can I do for you today?", "But you surely came for something. How can I help?"],
    };

    /// <summary>The agent says that a wish has been served; {0}: the report, a full sentence.</summary>
    public static readonly Lines DoneAlready = new(
        "No need to worry, that is done already. {0}",
        "We have done that already, so I won't do it a second time. {0}",
        "That is taken care of. {0} Nothing more is needed.",
        "You can rest easy, it went through. {0}",
        "It is done already, and once is enough. {0}"
    );

    /// <summary>The agent takes up talk, and asks for nothing.</summary>
    public static readonly Lines Listening = new(
        "I understand. It's good to talk about it.",
        "That's quite all right, take your time.",
        "I know what you mean.",
        "No problem at all, I'm glad that I could help.",
        "That's very kind of you."
    );

    /// <summary>The agent brings the conversation to its end.</summary>
    public static readonly Lines Farewell = new(
        "Everything that you came for is settled, so I'll say goodbye here. All the best!",
        "There is nothing left to do on my side, so let's leave it at that. Take care, and goodbye!",
        "As all is settled, I'll let you get on with your day. Goodbye!",
        "It was a pleasure talking to you. All is in order now, so I wish you a good day. Goodbye!"
    )
    {
        Brief = ["All is settled. Goodbye!", "That's everything from me. Goodbye!"],
        Polite = ["Thank you very much for the talk. As nothing is left open, I wish you a pleasant day. Goodbye!"],
        Chatty = ["It was lovely chatting with you! All is sorted out, so I'll leave you to your day. Bye!"],
    };

    /// <summary>The answer of an agent that has only one.</summary>
    public static readonly string[] Settled =
    [
        "Everything is settled. Is there anything else I can do for you?",
        "Your request has been dealt with. Do you need anything else?",
        "All is in order. Can I help you with anything else?",
    ];

    /// <summary>The human stops at last.</summary>
    public static readonly Lines AtLast = new(
        "All right, then. Goodbye!",
        "Good, then I'll leave you in peace. Bye!",
        "Okay, thank you for your patience. Goodbye.",
        "Fine, then I'm reassured. Thanks, bye!",
        "Oh, all right. Have a nice day!"
    )
    {
        Brief = ["Okay, bye.", "All right, bye."],
        Polite = ["Thank you so much for your patience. Goodbye."],
        Cross = ["Fine. Bye, then."],
        Unsure = ["Well, if you say so. Goodbye, then."],
    };

    private static readonly Dictionary<string, string[]> Answers = new(StringComparer.Ordinal)
    {
        ["weather"] =
        [
            "I'm afraid I can't see the weather from here, but I hope that the sun comes out for you soon.",
            "The weather is beyond what I can look up, I'm afraid. I hope that it turns out nice for you.",
        ],
        ["machine"] =
        [
            "I'm an automated assistant, and I'm happy to help you.",
            "You're talking to an automated assistant, but I'll do my best for you.",
        ],
        ["lunch"] =
        [
            "I'm afraid I can't recommend a place to eat from here, but I hope that you find a good one.",
            "Sorry, places to eat are nothing that I can look up. I hope that you find something tasty.",
        ],
        ["match"] =
        [
            "I'm afraid I can't follow any sports from here. I hope that you had a good evening.",
            "Sorry, I can't tell you anything about football, but I hope that it was fun to watch.",
        ],
        ["crossword"] =
        [
            "I'm not much help with crosswords, I'm afraid. Good luck with it!",
            "Sorry, I can't help you with the crossword, but I'm sure that you'll find it.",
        ],
        ["day"] = ["Thank you for asking, I'm well.", "That's kind of you to ask. All is well here."],
        ["recipe"] =
        [
            "I'm sorry, I can't help with recipes here, but I hope that the next one turns out well.",
            "Baking is something that I can't help you with, I'm afraid. I hope that it works out.",
        ],
        ["grandchild"] = ["Congratulations, what wonderful news!", "How lovely! All the best to the whole family."],
    };

    /// <summary>What the agent answers to small talk: it claims nothing, and promises nothing.</summary>
    public static string[] AnswerTo(string subject) =>
        Answers.GetValueOrDefault(subject) ?? ["That is nothing that I can help you with from here, I'm afraid."];
}
