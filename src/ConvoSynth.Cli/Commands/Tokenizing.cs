using System.CommandLine;
using ConvoSynth.Export.Tokens;

namespace ConvoSynth.Cli.Commands;

/// <summary>The option that names a tokenizer.</summary>
internal static class Tokenizing
{
    public static Option<string?> Tokenizer { get; } =
        new("--tokenizer")
        {
            Description =
                $"Counts tokens: {string.Join(", ", TokenCounter.Names)}, or a file (Hugging Face's tokenizer.json with byte-level BPE, "
                + "SentencePiece's .model, .tiktoken).",
        };

    public static TokenCounter? CounterOf(ParseResult parsed) => parsed.GetValue(Tokenizer) is { } name ? TokenCounter.Of(name) : null;
}
