using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace ConvoSynth.Export.Tokens;

/// <summary>
/// Hugging Face's <c>tokenizer.json</c> with byte-level BPE, the form of Qwen, Llama 3, DeepSeek, gpt-oss, GLM and Mistral's newer models.
/// What else the file may have is refused by name: it would count other tokens than the model reads.
/// </summary>
internal static partial class HubTokenizer
{
    [GeneratedRegex(
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant
    )]
    public static partial Regex Cl100K { get; }

    // The pattern of a byte-level pre-tokenizer that splits by itself.
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2 { get; }

    /// <exception cref="FormatException">The file is no tokenizer.json with byte-level BPE.</exception>
    public static Tokenizer Read(Stream file)
    {
        using var document = Parsed(file);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model"u8, out var model))
            throw new FormatException("it has no model; it must be Hugging Face's tokenizer.json");
        if (TypeOf(model) is var type && type != "BPE")
            throw new FormatException($"its model is {type}, and only BPE is read");
        var splits = Splits(root);
        var specials = new Dictionary<string, int>(StringComparer.Ordinal);
        if (root.TryGetProperty("added_tokens"u8, out var added))
        {
            foreach (var token in added.EnumerateArray())
                specials[token.GetProperty("content"u8).GetString()!] = token.GetProperty("id"u8).GetInt32();
        }

        PreTokenizer[] each = [.. splits.Select(s => new RegexPreTokenizer(s, specials))];
        return BpeTokenizer.Create(
            new BpeOptions(model.GetProperty("vocab"u8).EnumerateObject().Select(t => KeyValuePair.Create(t.Name, t.Value.GetInt32())))
            {
                Merges = [.. model.GetProperty("merges"u8).EnumerateArray().Select(Merge)],
                ByteLevel = true,
                SpecialTokens = specials,
                Normalizer = NormalizerOf(root),
                PreTokenizer = each.Length == 1 ? each[0] : new CompositePreTokenizer(each, specials),
            }
        );
    }

    private static JsonDocument Parsed(Stream file)
    {
        try
        {
            return JsonDocument.Parse(file);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON: {e.Message}", e);
        }
    }

    // Either "a b" or ["a","b"].
    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static List<Regex> Splits(JsonElement root)
    {
        if (!root.TryGetProperty("pre_tokenizer"u8, out var first) || first.ValueKind != JsonValueKind.Object)
            throw new FormatException("it has no pre-tokenizer, and only byte-level BPE is read");
        var parts = TypeOf(first) == "Sequence" ? first.GetProperty("pretokenizers"u8).EnumerateArray().ToArray() : [first];
        var splits = new List<Regex>();
        var isByteLevel = false;
        foreach (var part in parts)
        {
            switch (TypeOf(part))
            {
                case "Split":
                    splits.Add(SplitOf(part));
                    break;
                case "Digits" when part.TryGetProperty("individual_digits"u8, out var single) && single.GetBoolean():
                    splits.Add(new(@"\p{N}|[^\p{N}]+", RegexOptions.CultureInvariant));
                    break;
                case "ByteLevel":
                    isByteLevel = true;
                    if (!part.TryGetProperty("use_regex"u8, out var uses) || uses.GetBoolean())
                        splits.Add(Gpt2);
                    break;
                case var other:
                    throw new FormatException($"its pre-tokenizer {other} is not known here");
            }
        }

        return isByteLevel ? splits : throw new FormatException("its BPE is not of bytes, and only byte-level BPE is read");
    }

    private static Regex SplitOf(JsonElement part)
    {
        var pattern = part.GetProperty("pattern"u8);
        var text = pattern.TryGetProperty("Regex"u8, out var regex)
            ? regex.GetString()!
            : Regex.Escape(pattern.GetProperty("String"u8).GetString()!);
        // Isolated: what lies between two matches is a piece too. The library keeps matches alone.
        return new($"(?:{text})|(?:(?!{text})[\\s\\S])+", RegexOptions.CultureInvariant);
    }

    private static NfcNormalizer? NormalizerOf(JsonElement root)
    {
        if (!root.TryGetProperty("normalizer"u8, out var normalizer) || normalizer.ValueKind == JsonValueKind.Null)
            return null;
        return TypeOf(normalizer) switch
        {
            "NFC" => new(),
            "Sequence" when normalizer.GetProperty("normalizers"u8).GetArrayLength() == 0 => null,
            var other => throw new FormatException($"its normalizer {other} is not known here"),
        };
    }

    private static string? TypeOf(JsonElement part) => part.TryGetProperty("type"u8, out var type) ? type.GetString() : null;
}

/// <summary>Composes letters and their marks.</summary>
internal sealed class NfcNormalizer : Normalizer
{
    public override string Normalize(string original) => original.Normalize();

    public override string Normalize(ReadOnlySpan<char> original) => original.ToString().Normalize();
}
