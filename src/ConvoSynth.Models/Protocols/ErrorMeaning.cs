namespace ConvoSynth.Models.Protocols;

/// <summary>The kind of a server's error, derived from its words.</summary>
internal enum ErrorMeaning
{
    /// <summary>No rule matches: the status decides.</summary>
    Unknown,

    /// <summary>The prompt exceeds the model's context, or the account's limit for one request: the same prompt never passes.</summary>
    ContextLength,

    /// <summary>A filter refuses the prompt's words.</summary>
    Filter,

    /// <summary>The account's credit is used up; a person must add some.</summary>
    Credit,

    /// <summary>Too many requests or tokens for now.</summary>
    RateLimit,

    /// <summary>The key or the model is wrong.</summary>
    Access,

    /// <summary>The server is busy, starting or broken for now.</summary>
    Overload,
}
