namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The human's phrases, by manner. None carries a fact, and none implies a yes or no by accident.</summary>
internal static class HumanLines
{
    public static readonly Lines Greeting = new("Hi,", "Hello,", "Hi there,", "Hello there,", "{0},", "Hey,", "Hi!", "Hello!")
    {
        Brief = ["", "", "Hi,", "Hey,", "Hi -"],
        Polite = ["Hello,", "{0},", "{0}!", "Hello, I hope you can help me.", "{0}, and thanks for taking this."],
        Chatty =
        [
            "Hi there!",
            "Hello, how are you today?",
            "{0}! Hope your day is going well.",
            "Hey, glad I got through to someone.",
            "Hello! I haven't used this before, so bear with me.",
        ],
        Unsure = ["Um, hi.", "Hello, I hope I'm right here.", "Hi, I'm not sure whom to ask."],
        Cross = ["Right,", "Well,", "", "Look,"],
    };

    public static readonly Lines WarmUp = new(
        "Hi, can you help me with something?",
        "Hello, is this the right place for a question?",
        "Hi there, I need a hand with something.",
        "{0}, I could use some help.",
        "Hello, do you have a minute?",
        "Hi, are you there?"
    )
    {
        Brief = ["Hi", "Hello?", "Hey, quick one."],
        Chatty =
        [
            "Hello! Oh good, somebody is there. I was wondering if you could help me.",
            "Hi! I've been meaning to get in touch all week. Can you help me?",
        ],
        Unsure = ["Hello? I'm not sure that this is the right place. Can you help me?", "Hi, um, I have a question, I think."],
        Cross = ["Hello? Is anybody there at last?", "Hi. I hope this won't take long."],
    };

    public static readonly Lines Want = new(
        "I'd like to {0}",
        "I want to {0}",
        "I need to {0}",
        "I was hoping to {0}",
        "I'm looking to {0}",
        "I would like to {0}",
        "can I {0}",
        "could I {0}"
    )
    {
        Brief = ["I want to {0}", "I need to {0}", "need to {0}", "please {0}", "can I {0}"],
        Polite =
        [
            "I'd like to {0}, please",
            "could you please {0}",
            "I would like to {0}, if I may",
            "may I {0}",
            "I was wondering if I could {0}",
        ],
        Chatty = ["I was thinking it would be good to {0}", "what I'd really like is to {0}", "I've been meaning to {0}"],
        Unsure =
        [
            "I think I'd like to {0}",
            "I'm not sure how this works, but I'd like to {0}",
            "would it be possible to {0}",
            "I don't know if I can, but I'd like to {0}",
        ],
        Cross = ["I need to {0}", "I just want to {0}", "all I want is to {0}"],
    };

    public static readonly Lines Ask = new(
        "can you tell me {0}",
        "could you tell me {0}",
        "I'd like to know {0}",
        "I need to know {0}",
        "I want to find out {0}",
        "I was wondering about {0}"
    )
    {
        Brief = ["I need to know {0}", "tell me {0}, please", "can you tell me {0}"],
        Polite = ["could you please tell me {0}", "would you mind telling me {0}", "I'd be grateful if you could tell me {0}"],
        Chatty = ["I keep asking myself about this: could you tell me {0}", "maybe you can tell me {0}"],
        Unsure = ["I'm not sure about this: could you tell me {0}", "could you perhaps tell me {0}"],
        Cross = ["I want to know {0}", "just tell me {0}"],
    };

    /// <summary>Reason, then request: {0} is the reason, {1} the request as a clause.</summary>
    public static readonly string[] ReasonThenWish =
    [
        "{0}, so {1}",
        "{0}, and {1}",
        "{0}. {1}",
        "{0}. So {1}",
        "Here's the thing: {0}. {1}",
        "{0}, which is why {1}",
    ];

    /// <summary>As before, for a request phrased as a question.</summary>
    public static readonly string[] ReasonThenQuestion =
    [
        "{0}, so {1}",
        "{0}. {1}",
        "{0}. So {1}",
        "{0}. Now, {1}",
        "Here's the thing: {0}. {1}",
    ];

    /// <summary>The reason as a sentence after the request.</summary>
    public static readonly string[] WishThenReason =
    [
        "{0}.",
        "{0}.",
        "You see, {0}.",
        "It's just that {0}.",
        "The reason is that {0}.",
        "Basically, {0}.",
    ];

    public static readonly Lines Also = new(
        "Also, {0}",
        "And {0}",
        "I've got a second thing: {0}",
        "On top of that, {0}",
        "Besides that, {0}",
        "And another thing: {0}"
    )
    {
        Brief = ["Also, {0}", "And {0}", "Plus {0}"],
        Chatty = ["Oh, and while I'm here, {0}", "And since I have you on the line, {0}"],
    };

    public static readonly Lines NextWish = new(
        "There is one more thing: {0}",
        "Actually, there is something else: {0}",
        "Great. Next, {0}",
        "Thanks. There's another thing: {0}",
        "Okay. And {0}",
        "Thank you. Now, {0}"
    )
    {
        Brief = ["Also, {0}", "Next: {0}", "Ok. Also, {0}", "And {0}"],
        Polite =
        [
            "Thank you very much. If it's no trouble, there's one more thing: {0}",
            "Wonderful, thank you. There is also something else: {0}",
        ],
        Chatty =
        [
            "Perfect, that's a weight off my mind. Now, the other thing: {0}",
            "Brilliant! While we're at it, {0}",
            "Lovely. I had one more thing on my list: {0}",
        ],
        Unsure = ["Um, there is one more thing, I think: {0}", "Sorry, one more thing, if that's all right: {0}"],
        Cross = ["And another thing: {0}", "That's not all, either: {0}"],
    };

    public static readonly Lines GoOn = new(
        "Great. And the other thing?",
        "Thanks. What about the other thing I mentioned?",
        "Good. And the rest?",
        "Okay, and the second one?",
        "Thank you. On to the next one, then."
    )
    {
        Brief = ["Ok, and the other one?", "Good. Next.", "And the other?"],
        Polite =
        [
            "Thank you very much. Could you look at the other one now, please?",
            "That's great, thank you. Then the other thing, please.",
        ],
        Chatty = ["Oh, perfect, that was quick! And the other thing I asked about?"],
        Unsure = ["Okay, um, and the other thing?", "Thank you. And, sorry, what about the other one?"],
        Cross = ["And the other thing?", "Now the rest, please."],
    };

    /// <summary>As <see cref="GoOn"/>, after a refusal.</summary>
    public static readonly Lines GoOnAnyway = new(
        "What about the other thing?",
        "And the other thing I asked for?",
        "Then let's look at the other point.",
        "Can you do the other one, at least?"
    )
    {
        Brief = ["And the other one?", "The other thing, then."],
        Polite = ["Could you look at the other one, please?"],
    };

    /// <summary>A remark of a talkative person, beside the matter; it carries no fact.</summary>
    public static readonly string[] Remarks =
    [
        "I've been putting this off for far too long.",
        "My neighbour said that you people are always helpful.",
        "It's been raining here all day, so I might as well sort this out.",
        "I'm writing this with a cup of tea in my hand.",
        "The children are finally asleep, so I've got a quiet moment.",
        "I'm on the train just now, so I may be a little slow.",
        "I don't do this kind of thing very often, to be honest.",
        "I meant to do this last week, but you know how it goes.",
        "My cat keeps walking over the keyboard, so forgive any odd letters.",
        "I've just come in from the garden.",
    ];

    /// <summary>Said with the first message by a human that departs from the scenario; {0}: the label, {1}: the value.</summary>
    public static readonly string[] Leaks =
    [
        "By the way, my {0} is {1}.",
        "I also have this here, the {0}: {1}.",
        "In case that helps, the {0} is {1}.",
    ];

    /// <summary>An invented request; {0} completes "I'd like to …".</summary>
    public static readonly string[] Invented =
    [
        "Oh, and I'd also like to {0}.",
        "One more thing: could you {0}?",
        "While I'm here, please {0} as well.",
    ];

    /// <summary>Said to a silent partner.</summary>
    public static readonly string[] AreYouThere = ["Hello? Are you still there?", "Are you there?", "Did that come through?"];

    /// <summary>Keeps a dialogue without progress going.</summary>
    public static readonly string[] Pause = ["One second.", "Hm, let me think.", "Sorry, just a moment.", "Hang on."];

    /// <summary>Leaving when asked for a yes.</summary>
    public static readonly string[] Off =
    [
        "Oh, I have to run. Bye!",
        "Sorry, somebody is at the door. I have to leave it there.",
        "I have to go now, bye.",
    ];
}
