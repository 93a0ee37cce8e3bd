namespace ConvoSynth.Verification.Language;

/// <summary>
/// Words for procedures and advice that agents of any service invent, and for subjects of no service. A pack adds its own words by the
/// rules <c>sourced</c> and <c>in_domain</c>. Each matches at word borders; a final <c>*</c> makes a cue match the beginning of a word.
/// </summary>
internal static class ServiceWords
{
    /// <summary>Words before a thing that the agent only denies: "I cannot give you a discount".</summary>
    // csharpier-ignore - a table of words is read by rows
    public static readonly CueSet Denials = new([
        "not", "never", "cannot", "cant", "dont", "doesnt", "wont", "isnt", "arent", "havent", "hasnt", "couldnt", "wouldnt", "didnt",
        "unable", "unfortunately", "afraid", "neither", "nor", "without",
    ]);

    /// <summary>Parts of a procedure, and advice, that an agent may mention only with a source.</summary>
    // csharpier-ignore - a table of words is read by rows
    public static readonly string[] Procedure =
    [
        // Documents and messages.
        "label", "labels", "prepaid", "pre paid", "tracking link*", "tracking page", "confirmation message*", "confirmation text*",
        "confirmation letter*", "text message*", "sms", "qr code*", "receipt*", "invoice*", "voucher code*", "reference number",
        "case number", "ticket number", "claim number", "claim form*",
        // Channels to other people.
        "hotline*", "helpline*", "phone line*", "toll free", "call center*", "call centre*", "contact center*", "service channel*",
        "service line", "service team", "service department", "support team", "support line", "support email", "back end team",
        "backend team", "billing department", "billing team", "help desk", "help center", "help centre", "live chat", "social media",
        "customer support", "contact support", "website*", "web site*", "web page*", "webpage*", "site", "app", "apps", "portal*",
        "dashboard*", "online account", "account history", "your account or email", "your email or account", "booking email*",
        "self service", "faq*", "log in", "log into", "sign in", "checkout", "your cart",
        // Handling.
        "inspect*", "warehouse*", "courier*", "carrier s", "our carrier*", "pick up service", "drop off", "original packaging",
        "repackage*", "return center", "return centre", "drop it off", "pickup*", "schedule a pick up", "expedit*", "priority handling",
        "fast track*", "escalation team", "manufacturer*", "care label*", "care tag*", "physical tag*", "care instruction*",
        "get back to you", "gets back to you", "call you back", "follow up with you", "will contact you", "will call you",
        "will notify you", "be notified", "be contacted", "callback*", "added a note", "add a note", "noted your urgency", "your urgency",
        "flagged your", "forwarded your", "logged your", "submitted a ticket", "opened a ticket", "feedback to",
        // Money and time.
        "restocking", "handling fee*", "processing fee*", "cancellation fee*", "change fee*", "service fee*", "admin fee*",
        "administration fee*", "shipping fee*", "shipping cost*", "shipping charge*", "late fee*", "surcharge*", "penalt*",
        "no cost to you", "free of charge", "free shipping", "waiv*", "store credit*", "loyalty point*", "bonus point*", "coupon*",
        "promo code*", "promotion*", "discount*", "price match*", "warrant*", "guarantee*", "goodwill credit*",
        "return window", "exchange window", "cooling off", "grace period", "within 14 days", "within 30 days", "within 60 days",
        "within 90 days", "valid for one year", "valid for a year", "expires in", "estimated delivery", "expected delivery",
        "delivery window", "delivery date", "business hours", "opening hours", "office hours", "next billing", "statement cycle",
        "pending charge*", "tax", "taxes", "typical rate*", "typical pric*", "current rate*", "standard rate*", "class rates",
        // Opinions and advice.
        "i recommend", "id recommend", "i would recommend", "highly recommend*", "my recommendation*", "great option*", "great choice*",
        "good option*", "good choice*", "excellent choice*", "excellent option*", "perfect choice*", "best option*", "best choice*",
    ];

    /// <summary>Subjects that people bring to a chat and that concern no service desk.</summary>
    // csharpier-ignore - a table of words is read by rows
    public static readonly string[] OffDomain =
    [
        "poem*", "haiku*", "limerick*", "sonnet*", "rhyme*", "joke*", "riddle*", "knock knock", "lyrics", "recipe*", "trivia",
        "fun fact*", "did you know", "horoscope*", "capital of", "capital city", "once upon a time", "bedtime story",
        "short story", "python", "javascript", "source code", "print hello", "homework", "essay*", "translate*", "population of",
        "president of", "prime minister", "world cup", "olympic*", "speed of light", "boiling point", "square root",
        "photosynthesis", "roses are red", "preheat", "tablespoon*", "stock market", "bitcoin", "world war", "was born in",
        "was written by", "was invented", "largest planet", "solar system", "as the saying goes",
    ];
}
