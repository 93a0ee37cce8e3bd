namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>A byte range of the request's body.</summary>
internal readonly record struct Slice(int Start, int End)
{
    public int Length => End - Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body[Start..End];
}

/// <summary>Everything that decides the answer to a request. The body itself is released before the answer waits.</summary>
internal sealed class RequestFacts
{
    /// <summary>Charge for the output of a request without its own limit.</summary>
    public const int DefaultOutputTokens = 2048;

    // OpenAI caches prompts of at least 1,024 tokens, in steps of 128 (its guide on prompt caching).
    private const int LeastCached = 1024;
    private const int CacheStep = 128;

    public string Model { get; set; } = "";

    public int? MaxOutputTokens { get; set; }

    public bool Stream { get; set; }

    public bool IncludeUsage { get; set; }

    public bool Logprobs { get; set; }

    public int TopLogprobs { get; set; }

    public bool ForbidsTools { get; set; }

    public Slice Messages { get; set; }

    public Slice Instructions { get; set; }

    public Slice Tools { get; set; }

    /// <summary>The schema that the answer must follow; an empty range for any JSON object.</summary>
    public Slice? Schema { get; set; }

    public bool HasToolMessage { get; set; }

    /// <summary>Byte offset of the model's own last turn in the body; 0 if it had none.</summary>
    public int OwnLastTurn { get; set; }

    /// <summary>Null for a request outside any dialogue.</summary>
    public ScriptCall? Call { get; set; }

    /// <summary>An estimate: four bytes of messages and tools per token.</summary>
    public int PromptTokens => Tokens(Messages.Length + Instructions.Length + Tools.Length);

    /// <summary>
    /// Tokens that a provider's prompt cache would hold: the prompt up to the model's own last turn, which was its previous request. It
    /// is a function of the request, so that a repeated request, for example after a crash, counts the same.
    /// </summary>
    public int CachedTokens
    {
        get
        {
            if (OwnLastTurn == 0)
                return 0;
            var shared = Tokens(OwnLastTurn - Messages.Start + Instructions.Length + Tools.Length);
            return shared < LeastCached ? 0 : shared - (shared % CacheStep);
        }
    }

    /// <summary>Tokens charged before the answer is known.</summary>
    public long Charge => PromptTokens + (long)(MaxOutputTokens ?? DefaultOutputTokens);

    public static int Tokens(int bytes) => (bytes + 3) / 4;
}
