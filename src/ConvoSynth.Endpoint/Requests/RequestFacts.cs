namespace ConvoSynth.Endpoint;

/// <summary>A part of the request's body.</summary>
internal readonly record struct Slice(int Start, int End)
{
    public int Length => End - Start;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body[Start..End];
}

/// <summary>What the answer to a request depends on. The body itself is not kept while its answer waits.</summary>
internal sealed class RequestFacts
{
    /// <summary>Charged where a request names no limit of its own.</summary>
    public const int DefaultOutputTokens = 2048;

    // OpenAI caches prompts from 1,024 tokens on, in steps of 128 (its guide on prompt caching).
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

    /// <summary>The schema that the answer must follow; an empty one where it must be any JSON object.</summary>
    public Slice? Schema { get; set; }

    public bool HasToolMessage { get; set; }

    /// <summary>Where in the body the model's own last turn begins; 0 where it has had none.</summary>
    public int OwnLastTurn { get; set; }

    /// <summary>Null for a request that belongs to no dialogue.</summary>
    public ScriptCall? Call { get; set; }

    /// <summary>An estimate: four bytes of messages and tools a token.</summary>
    public int PromptTokens => Tokens(Messages.Length + Instructions.Length + Tools.Length);

    /// <summary>
    /// What a provider's prompt cache would have had: the prompt up to the model's own last turn is what its previous request was. A function of the
    /// request, so that one which is made again, after a crash say, counts the same.
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

    /// <summary>What is charged before the answer is known.</summary>
    public long Charge => PromptTokens + (long)(MaxOutputTokens ?? DefaultOutputTokens);

    public static int Tokens(int bytes) => (bytes + 3) / 4;
}
