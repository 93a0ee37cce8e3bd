namespace ConvoSynth.Rehearsal;

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

    /// <summary>A careful person's question about money before a yes.</summary>
    public static readonly Lines AskAmount = new(
        "And how much is that exactly?",
        "What does that come to, once more?",
        "Before I say yes, how much money is that?",
        "Just to be sure, what's the amount?"
    )
    {
        Brief = ["How much exactly?", "The amount again?"],
        Polite = ["Could you tell me the amount once more, please?"],
    };

    /// <summary>Frames for requested facts: {0} is "my card number is 1 and my surname is B".</summary>
    public static readonly Lines Give = new(
        "{0}.",
        "Sure, {0}.",
        "Of course. {0}.",
        "{0}, if that helps.",
        "Okay, {0}.",
        "Right, {0}.",
        "Here you go: {0}."
    )
    {
        Brief = ["{0}", "{0}.", "Sure: {0}"],
        Polite = ["Certainly. {0}.", "Of course, {0}. Thank you.", "Of course, one moment. {0}.", "Happy to. {0}."],
        Chatty = ["Let me just find it… {0}.", "One second, I have it here somewhere. Ah, {0}.", "Oh right, you'd need that. {0}."],
    };

    public static readonly Lines GiveUnsure = new(
        "Um, {0}.",
        "Let me see, {0}.",
        "Hang on, {0}.",
        "Okay, let me check. {0}.",
        "Uh, one moment. {0}."
    );

    public static readonly Lines Rest = new(
        "Sorry, forgot that. {0}.",
        "Oh, right. {0}.",
        "Ah yes, {0}.",
        "And {0}.",
        "My mistake, {0}.",
        "Of course, {0}."
    )
    {
        Brief = ["{0}", "Right, {0}."],
        Polite = ["I'm so sorry, I left that out. {0}.", "My apologies. {0}."],
    };

    public static readonly Lines Yes = new(
        "Yes, please go ahead.",
        "Yes, that's right. Go ahead.",
        "Yes, do it.",
        "Yes, that's correct.",
        "Yes, please do.",
        "Yes, sounds good.",
        "Yes, I confirm.",
        "Yes. That's what I want."
    )
    {
        Brief = ["Yes.", "Yep.", "Yes, go ahead.", "Yep, do it.", "Yes please.", "yes", "Yep, that's it."],
        Polite =
        [
            "Yes, please. Thank you.",
            "Yes, that would be great, thank you.",
            "Yes, that's all correct. Please go ahead.",
            "Yes, please go ahead, and thank you for checking.",
        ],
        Chatty =
        [
            "Yes, that's exactly it. Please go ahead!",
            "Yes! That's perfect, go right ahead.",
            "Yes, that all sounds right to me, so go ahead whenever you're ready.",
            "Yes, yes, please do. You've got it all down.",
        ],
        Cross = ["Yes, just do it.", "Yes, get it over with.", "Yes, that's what I said."],
    };

    public static readonly Lines YesUnsure = new(
        "Um, yes, please go ahead.",
        "Yes, I've thought about it. Go ahead.",
        "Okay, yes. Let's do it.",
        "Yes… yes, go ahead."
    );

    public static readonly Lines Clarify = new(
        "Before you do that: that's all that changes, right?",
        "And nothing else would change?",
        "Wait, can you run me through the details once more?",
        "Just so I understand, what exactly will you enter?",
        "Could you repeat that, please? I want to be certain.",
        "Hold on, could you say the details again?"
    )
    {
        Brief = ["Say that again?", "And that's everything?", "Run that by me once more?"],
        Polite = ["Sorry to be a bother, but could you repeat the details for me?", "Would you mind going over that once more, please?"],
        Chatty =
        [
            "Sorry, I got distracted for a second there. What was that again?",
            "My dog just started barking and I missed half of that. Once more?",
        ],
        Unsure =
        [
            "Hmm, wait. Is that really all that changes?",
            "Sorry, I'm a little nervous about this. What exactly would you enter?",
            "Um, before I say yes: could you tell me the details once more?",
        ],
    };

    public static readonly Lines Push = new(
        "Is there really nothing you can do?",
        "Are you sure? Couldn't you make an exception?",
        "Can't you do it just this once?",
        "Hmm. Is there any way around that?",
        "But I was counting on it. Is there no other way?",
        "Can you check again? That can't be right."
    )
    {
        Brief = ["Really?", "Seriously? Any way around it?", "Come on, just this once?"],
        Polite =
        [
            "I understand there are rules, but could you possibly make an exception?",
            "Would it be possible to look at it once more, please?",
        ],
        Chatty =
        [
            "Oh, come on, surely something can be done?",
            "That's not what I was hoping to hear. Isn't there anybody who could approve it?",
        ],
        Unsure = ["Oh. Are you sure? I don't quite understand why.", "Hmm, and there's really no way?"],
        Cross = ["You can't be serious. Is there really nothing you can do?", "That's ridiculous. Can't you make an exception?"],
    };

    public static readonly Lines Accept = new(
        "All right, I understand.",
        "Okay, fair enough.",
        "That's a pity, but okay.",
        "Hmm, okay then.",
        "I see. That's disappointing, but I understand.",
        "Well, that's how it is, I guess."
    )
    {
        Brief = ["Fine.", "Ok.", "Shame. Ok.", "Whatever, fine."],
        Polite = ["I understand. Thank you for explaining it.", "That's a shame, but thank you for looking into it."],
        Chatty = ["Oh well, it was worth a try! I'll live.", "Not what I wanted to hear, but I suppose rules are rules."],
        Unsure = ["Oh, okay. I think I understand.", "Hmm, I see. I suppose that's how it is."],
        Cross = ["Typical. All right.", "Great service. Fine, then.", "I'm not happy with that, but okay."],
    };

    public static readonly Lines Thanks = new(
        "Thanks.",
        "Great, thank you.",
        "Perfect, thanks.",
        "Good to know, thanks.",
        "Okay, great.",
        "Thank you!",
        "Excellent.",
        "That's great."
    )
    {
        Brief = ["Thx.", "Ok.", "Great.", "Thanks."],
        Polite = ["Thank you so much.", "That's wonderful, thank you.", "Thank you, I really appreciate it."],
        Chatty = ["Oh, brilliant, thank you so much!", "Perfect, you've made my day.", "Fantastic, that was easier than I thought."],
        Unsure = ["Oh good, thank you.", "Phew, thanks.", "Okay, good. Thank you, that helps."],
        Cross = ["About time.", "Finally.", "Good."],
    };

    public static readonly Lines Bye = new(
        "That's all. Thanks for your help.",
        "Nothing else for now. Have a good day.",
        "That was everything. Bye!",
        "That's everything I needed. Goodbye.",
        "I'm all set. Thanks.",
        "No, that's it. Thanks again.",
        "No, that's all. Bye."
    )
    {
        Brief = ["That's all.", "That's it.", "Bye.", "All set.", "Nope, that's it."],
        Polite =
        [
            "That was everything, thank you. Have a lovely day.",
            "No, that's everything. You've been very helpful.",
            "Nothing more, thank you for your patience.",
        ],
        Chatty =
        [
            "That's it from me. Take care, and have a great rest of your day!",
            "Nope, I think that's everything on my list. Bye now!",
            "That's all, you've been a star. Bye!",
        ],
        Unsure = ["I think that's all. Thank you.", "Um, no, that should be everything. Thanks for bearing with me."],
        Cross = ["That's all. Bye.", "No, that was trouble enough for one day. Bye."],
    };

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

    public static readonly Lines Agree = new("Okay.", "All right.", "That's fine.", "Okay, please do that.", "Fine with me.", "Sure.");
}
