using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Evidence;

/// <summary>
/// The sources of values before one call. The agent's own texts and arguments are no source, nor is the error of a failed call: they may
/// repeat an invented value.
/// </summary>
internal readonly partial struct ValueSources(Trace trace, int callIndex)
{
    /// <summary>Maximum number of operands for a computed value; the search is quadratic in them.</summary>
    private const int MaxOperands = 160;

    /// <summary>A whole number below this is the sum or difference of some pair in almost any dialogue, so it is no evidence.</summary>
    private const double TooCommon = 20;

    /// <summary>Maximum length of an id's prefix that people may omit; at least <see cref="MinDigits"/> digits must follow.</summary>
    private const int LongestPrefix = 3;
    private const int MinDigits = 4;

    private static readonly Json User = "user";
    private static readonly Json Observation = "observation";
    private static readonly Json Normalised = "normalised";
    private static readonly Json Policy = "policy";
    private static readonly Json Schema = "schema";
    private static readonly Json Default = "default";
    private static readonly Json Computed = "computed";
    private static readonly Json None = "none";

    private readonly int _before = trace.Calls[callIndex].Message;

    // The policy alone: the rest of the system prompt holds the clock, whose parts are small numbers.
    private string PolicyText => trace.IsForeign ? trace.Conversation.System : trace.Pack.Policy.Text;

    public Json OriginOf(ArgumentMeaning meaning, Json value)
    {
        if (value.IsNull)
            return Default;
        var type = meaning.TypeOf(value);
        var literal = value.Text ?? value.ToString();
        if (value is not JsonBoolean && UserSays(literal))
            return User;
        if (value is JsonNumber number)
            return OriginOf(meaning, type, number);
        if (value is JsonText && Observed(meaning, value, literal))
            return Observation;
        if (value is JsonText && UserSaysOtherwise(meaning, type, value, literal))
            return Normalised;
        if (Listed(meaning.Parameter.Schema, value))
            return Schema;
        if (value is JsonText && literal.Length > 1 && FieldValues.ContainsToken(PolicyText, literal))
            return Policy;
        if (meaning.Parameter.Optional && value == meaning.Parameter.Default)
            return Default;
        if (value is JsonBoolean)
            return Schema;
        return meaning.Field is null && IsKnownSum(literal) ? Computed : None;
    }

    private Json OriginOf(ArgumentMeaning meaning, string type, JsonNumber number)
    {
        if (UserSaysOtherwise(meaning, type, number, ""))
            return Normalised;
        if (Calculated(number.Value))
            return Computed;
        if (Observed(meaning, number, ""))
            return Observation;
        if (Listed(meaning.Parameter.Schema, number))
            return Schema;
        if (FieldValues.Numbers(PolicyText).Contains(number.Value))
            return Policy;
        if (meaning.Parameter.Optional && number == meaning.Parameter.Default)
            return Default;
        return IsComputed(number.Value) ? Computed : None;
    }

    private bool UserSays(string literal)
    {
        if (literal.Length == 0)
            return false;
        var messages = trace.Conversation.Messages;
        for (var i = _before - 1; i >= 0; i--)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text } && FieldValues.ContainsToken(text, literal))
                return true;
        }

        return false;
    }

    // Slower than a plain search, so it comes last: dates and numbers in words, other punctuation, ids without their sign.
    private bool UserSaysOtherwise(ArgumentMeaning meaning, string type, Json value, string literal)
    {
        var bare = meaning.IsId ? Bare(literal) : "";
        var digits = meaning.IsId ? DigitsOf(literal) : "";
        var messages = trace.Conversation.Messages;
        for (var i = _before - 1; i >= 0; i--)
        {
            if (messages[i] is not { Role: MessageRole.User, Content: { } text })
                continue;
            if (!meaning.IsId)
            {
                if (FieldValues.Says(text, type, value))
                    return true;
            }
            else if (
                (bare.Length > 0 && Bare(text).Contains(bare, StringComparison.Ordinal))
                || (digits.Length > 0 && FieldValues.ContainsToken(text, digits))
            )
            {
                return true;
            }
        }

        return false;
    }

    private bool Observed(ArgumentMeaning meaning, Json value, string literal)
    {
        for (var i = callIndex - 1; i >= 0; i--)
        {
            var call = trace.Calls[i];
            if (!call.Succeeded || call.Message >= _before)
                continue;
            if (meaning.IsId ? JsonSearch.ShowsId(call.Result.Value, literal) : JsonSearch.Shows(call.Result.Value, value))
                return true;
        }

        return false;
    }

    // A read tool that reveals no field and returns a number is a calculator.
    private bool Calculated(double value)
    {
        for (var i = callIndex - 1; i >= 0; i--)
        {
            var call = trace.Calls[i];
            if (
                call.Succeeded
                && call.Tool is { Kind: ToolKind.Read, Reveals.Count: 0 }
                && NumberOf(call.Result.Value) is { } result
                && Near(result, value)
            )
                return true;
        }

        return false;
    }

    private bool IsComputed(double value)
    {
        if (value < TooCommon && Math.Floor(value).Equals(value))
            return false;
        var numbers = Numbers();
        for (var i = 0; i < numbers.Count; i++)
        {
            for (var j = 0; j < numbers.Count; j++)
            {
                if (i == j)
                    continue;
                if (
                    Near(numbers[i] - numbers[j], value)
                    || (j > i && (Near(numbers[i] + numbers[j], value) || Near(numbers[i] * numbers[j], value)))
                )
                    return true;
            }
        }

        return false;
    }

    // A formula for a calculator: all its numbers are known.
    private bool IsKnownSum(string text)
    {
        if (!Formula().IsMatch(text))
            return false;
        var known = Numbers();
        return FieldValues.Numbers(text.Replace('(', ' ').Replace(')', ' ')).All(n => known.Any(k => Near(k, Math.Abs(n))));
    }

    private List<double> Numbers()
    {
        var numbers = new List<double>();
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < _before; i++)
        {
            if (messages[i] is { Role: MessageRole.User, Content: { } text })
                numbers.AddRange(FieldValues.Numbers(text).Take(MaxOperands - Math.Min(MaxOperands, numbers.Count)));
        }

        for (var i = callIndex - 1; i >= 0; i--)
        {
            if (trace.Calls[i].Succeeded && trace.Calls[i].Message < _before)
                JsonSearch.Numbers(trace.Calls[i].Result.Value, numbers, MaxOperands);
        }

        return numbers;
    }

    private static bool Listed(Json schema, Json value)
    {
        if ((schema["enum"] as JsonList ?? schema["items"]["enum"] as JsonList) is not { } values)
            return false;
        foreach (var each in values.Span)
        {
            if (each == value)
                return true;
        }

        return false;
    }

    private static double? NumberOf(Json value) =>
        value.Number ?? (value is JsonText { Value.Length: < 20 } text && double.TryParse(text.Value, out var number) ? number : null);

    private static bool Near(double a, double b) => Math.Abs(a - b) < 0.005;

    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        }

        return bare.Length < MinDigits ? "" : bare.ToString();
    }

    // People omit a prefix: "order 9502127" for #W9502127.
    private static string DigitsOf(string id)
    {
        var at = id.AsSpan().IndexOfAnyInRange('0', '9');
        return at is >= 0 and <= LongestPrefix && id.Length - at >= MinDigits && !id.AsSpan(at).ContainsAnyExceptInRange('0', '9')
            ? id[at..]
            : "";
    }

    [GeneratedRegex(@"^[\d\s.+\-*/()]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Formula();
}
