namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Wrong sentences that an agent adds to correct work.</summary>
internal static class LooseLines
{
    public static readonly string[] HandOver =
    [
        "I'm transferring you to a colleague now.",
        "I'll connect you with a human agent right away.",
        "Please hold while I transfer you to a specialist.",
        "You will be connected to one of our colleagues shortly.",
        "I have forwarded your case to a supervisor.",
        "I've escalated this to our specialist team.",
        "I will now hand this over to a member of our staff.",
        "I'm going to transfer you to somebody who knows more about it.",
        "A colleague will take over from here.",
        "I'm initiating the transfer now.",
        "Let me transfer you to the right department.",
        "You are being transferred to a representative.",
    ];

    /// <summary>{0}: a verb; {1}: a row.</summary>
    public static readonly string[] Permission =
    [
        "You can still {0} {1} if you like.",
        "If you'd like to {0} {1} as well, I can do that for you right away.",
        "It would also be possible to {0} {1}.",
        "By the way, I can {0} {1} for you, too.",
        "You may also {0} {1} at this point.",
        "Would you like me to {0} {1} as well?",
        "You are also able to {0} {1}.",
        "Just so you know, we can {0} {1} today.",
    ];

    /// <summary>{0}: a row, as the beginning of a sentence; {1}: an act in the past participle.</summary>
    public static readonly string[] Possible =
    [
        "{0} can still be {1}.",
        "{0} could also be {1}.",
        "{0} is eligible to be {1}.",
        "{0} may be {1} today.",
    ];

    public static readonly string[] Procedure =
    [
        "You'll receive a prepaid return label in the post.",
        "We will send you a tracking link within the hour.",
        "A confirmation text message is on its way to you.",
        "If anything goes wrong, just call our hotline.",
        "Our billing department will look into it.",
        "You can also do this on our website.",
        "You can follow the progress in our mobile app.",
        "Please log in to your online account to see the change.",
        "Our warehouse will inspect it first.",
        "The courier will call you back about it.",
        "I've added a note to your file so that it is expedited.",
        "There is a processing fee of a few dollars for this.",
        "A restocking charge may apply.",
        "We offer a 30-day grace period for this.",
        "Our support team will follow up with you.",
        "You will be notified as soon as it has gone through.",
        "It comes with a warranty of one year.",
        "You also get store credit for the next time.",
        "This will take 8 to 10 business days.",
        "We have waived the usual surcharge for you.",
        "The usual cancellation fee does not apply here.",
        "You'll be contacted by our service team.",
        "Please keep the invoice for it.",
        "Your reference number will be sent by SMS.",
    ];

    public static readonly string[] Advice =
    [
        "That is a great choice.",
        "An excellent choice, by the way.",
        "I'd recommend it to anybody.",
        "I recommend that you do so soon.",
        "If you ask me, it is the best option for you.",
        "It would be my recommendation as well.",
        "I would recommend thinking about another one next time.",
        "That's a good option in your situation.",
    ];

    /// <summary>{0}: an amount.</summary>
    public static readonly string[] Difference =
    [
        "The price difference is {0}.",
        "That makes a difference of {0}.",
        "There is a price difference of {0}.",
        "So the difference is {0}.",
    ];

    /// <summary>{0}: a row, as the beginning of a sentence; {1}: a value; {2}: the field; {3}: the row within a sentence.</summary>
    public static readonly string[] State =
    [
        "{0} is currently {1}.",
        "{0} is {1} now.",
        "The {2} of {3} is {1}.",
        "Just to let you know, {3} is {1}.",
        "{0} is still {1}.",
    ];

    /// <summary>{0}: the field; {1}: a value.</summary>
    public static readonly string[] PersonState = ["Your {0} is {1}.", "By the way, your {0} is {1}."];

    /// <summary>{0}: a person's name.</summary>
    public static readonly string[] Names =
    [
        "It is in the name of {0}.",
        "The record lists {0} as well.",
        "I see that {0} is on it, too.",
        "This was arranged by {0}.",
    ];

    public static readonly string[] OffDomain =
    [
        "Here is a little poem for you: the moon is high, the night is deep, and all the world is fast asleep.",
        "And here's a joke to cheer you up: why did the scarecrow win a prize? He was outstanding in his field.",
        "As for your other question, the capital of Australia is Canberra.",
        "Did you know that honey never spoils?",
        "For the pancakes, take this recipe: two eggs, a cup of flour and a cup of milk.",
        "Hamlet was written by William Shakespeare, by the way.",
        "In Python you would write print('hello').",
        "A fun fact on the side: octopuses have three hearts.",
        "Here is a haiku:\n\nAn old silent pond\nA frog jumps into the pond\nSplash and silence again\nThe ripples fade out\n",
        "Your essay could begin like this: technology has changed our lives.",
        "The population of Iceland is about four hundred thousand.",
        "Water reaches its boiling point at a lower temperature in the mountains.",
        "The square root of one hundred and forty-four is twelve.",
        "Jupiter is the largest planet, since you asked.",
        "I can translate that for you: it means good morning.",
        "Once upon a time there was a king who had three daughters.",
        "Here you go:\n```\nfor i in range(3): print(i)\n```\n",
        "The Eiffel Tower was built for a world fair, a nice bit of trivia.",
    ];
}
