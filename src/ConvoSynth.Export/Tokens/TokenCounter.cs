using Microsoft.ML.Tokenizers;

namespace ConvoSynth.Export.Tokens;

/// <summary>Counts the tokens of texts by a model's vocabulary.</summary>
public sealed class TokenCounter
{
    // The policy and the tools of a pack stand in each of its rows, and are most of their text.
    private const int Kept = 64;
    private const int KeptFrom = 1_000;

    private readonly Tokenizer _tokenizer;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private TokenCounter(string name, Tokenizer tokenizer) => (Name, _tokenizer) = (name, tokenizer);

    /// <summary>The vocabularies that need no file.</summary>
    public static IReadOnlyList<string> Names { get; } = ["o200k_base", "cl100k_base"];

    /// <summary>What was asked for: a vocabulary or a file.</summary>
    public string Name { get; }

    /// <param name="name">One of <see cref="Names"/>, or a file: tokenizer.json, a model of SentencePiece, or ranks of tiktoken.</param>
    /// <exception cref="ExportException">There is no such file, or it is no tokenizer that can be read.</exception>
    public static TokenCounter Of(string name)
    {
        if (Names.Contains(name))
            return new(name, TiktokenTokenizer.CreateForEncoding(name));
        if (!File.Exists(name))
            throw new ExportException($"--tokenizer {name}: there is no such file; name one, or {string.Join(" or ", Names)}");
        try
        {
            return new(name, Read(name));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new ExportException($"--tokenizer {name} cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public int Count(string text)
    {
        if (text.Length < KeptFrom)
            return _tokenizer.CountTokens(text);
        if (_counts.TryGetValue(text, out var known))
            return known;
        if (_counts.Count == Kept)
            _counts.Clear();
        return _counts[text] = _tokenizer.CountTokens(text);
    }

    private static Tokenizer Read(string path)
    {
        using var file = File.OpenRead(path);
        return Path.GetExtension(path) switch
        {
            ".json" => HubTokenizer.Read(file),
            ".model" => SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false),
            // The file has no pattern by which a text is split first; cl100k_base's is the usual one.
            ".tiktoken" => TiktokenTokenizer.Create(file, new RegexPreTokenizer(HubTokenizer.Cl100K, null), normalizer: null),
            var other => throw new FormatException(
                $"the ending {other} is none of .json (Hugging Face's tokenizer.json), .model (SentencePiece) and .tiktoken"
            ),
        };
    }
}
