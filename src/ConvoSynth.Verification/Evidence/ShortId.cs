namespace ConvoSynth.Verification.Evidence;

/// <summary>An id as people say it.</summary>
internal static class ShortId
{
    /// <summary>People leave a prefix out: "order 9502127" for #W9502127.</summary>
    public static string? Digits(string id)
    {
        var at = id.AsSpan().IndexOfAnyInRange('0', '9');
        return at is > 0 and <= 3 && id.Length - at >= 5 && !id.AsSpan(at).ContainsAnyExceptInRange('0', '9') ? id[at..] : null;
    }
}
