namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What a human answers to the agent's questions, offers and refusals, and the words of parting.</summary>
internal static class HumanReplies
{
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

    public static readonly Lines Agree = new("Okay.", "All right.", "That's fine.", "Okay, please do that.", "Fine with me.", "Sure.");
}
