using System.Net;
using System.Text.RegularExpressions;

namespace ConvoSynth.Export.Privacy;

/// <summary>A kind of personal data: how it is written, and a check that tells it from other numbers.</summary>
/// <param name="Holds">Takes the match without its separators.</param>
/// <param name="Separators">Characters that people put between its parts.</param>
internal sealed record PersonalKind(string Name, Regex Pattern, Func<string, bool> Holds, string Separators)
{
    /// <summary>The value as it is compared: in lower case, without separators.</summary>
    public string Normal(string written) => string.Concat(written.Where(c => !Separators.Contains(c))).ToLowerInvariant();
}

/// <summary>
/// The kinds that are looked for. Each has a check digit, a fixed form or an international prefix: a bare number of ten digits may be a
/// phone number or a product, so it is not looked for. Names of people are not looked for either.
/// </summary>
internal static partial class PersonalKinds
{
    private const string Marks = " -.()/";

    public static IReadOnlyList<PersonalKind> All { get; } =
    [
        new("e-mail address", Email, v => !IsReservedHost(v), ""),
        new("IBAN", Iban, Checksums.IsIban, " "),
        new("payment card number", Card, Checksums.IsCard, " -"),
        new("United States social security number", UnitedStates, _ => true, "-"),
        new("Spanish identity number", Spain, Checksums.IsSpanish, "-"),
        new("French social security number", France, Checksums.IsFrench, " "),
        new("Brazilian tax number", Brazil, Checksums.IsBrazilian, ".-"),
        new("British national insurance number", Britain, _ => true, " "),
        new("phone number", Phone, IsPhone, Marks),
        new("IP address", Address, IsPublicAddress, ""),
    ];

    // No mailbox can be there: RFC 2606 keeps these names for documentation and tests.
    private static bool IsReservedHost(string address)
    {
        var host = address[(address.LastIndexOf('@') + 1)..];
        return host.EndsWith(".example", StringComparison.Ordinal)
            || host.EndsWith(".test", StringComparison.Ordinal)
            || host.EndsWith(".invalid", StringComparison.Ordinal)
            || Regex.IsMatch(host, @"(?:^|\.)example\.(?:com|net|org)$", RegexOptions.CultureInvariant);
    }

    // 555-0100 to 555-0199 are kept for fiction.
    private static bool IsPhone(string digits)
    {
        var count = digits.Count(char.IsAsciiDigit);
        return count is >= 8 and <= 15 && !Regex.IsMatch(digits, @"^(?:\+?1)?\d{3}55501\d\d$", RegexOptions.CultureInvariant);
    }

    private static bool IsPublicAddress(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
            return false;
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            // Global unicast without the block for documentation.
            return (bytes[0] & 0xE0) == 0x20 && !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8);
        return (bytes[0], bytes[1], bytes[2]) switch
        {
            (0 or 10 or 127 or >= 224, _, _) or (169, 254, _) or (192, 168, _) or (192, 0, 2) or (198, 51, 100) or (203, 0, 113) => false,
            (172, >= 16 and <= 31, _) or (100, >= 64 and <= 127, _) => false,
            _ => true,
        };
    }

    [GeneratedRegex(@"(?<![\w.+-])[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Email { get; }

    [GeneratedRegex(@"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Iban { get; }

    [GeneratedRegex(@"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Card { get; }

    [GeneratedRegex(@"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex UnitedStates { get; }

    [GeneratedRegex(@"(?<![\w-])(?:[XYZ]-?\d{7}|\d{8})-?[A-HJ-NP-TV-Z](?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Spain { get; }

    [GeneratedRegex(@"(?<!\w)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex France { get; }

    [GeneratedRegex(@"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Brazil { get; }

    [GeneratedRegex(
        @"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2}){3} ?[A-D](?!\w)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Britain { get; }

    // International, North American with its separators, or national with a leading 0 and a group of three digits or more.
    [GeneratedRegex(
        @"(?<![\w.+-]|\d )(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}"
            + @"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,4}){0,2})(?![\w-])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Phone { get; }

    [GeneratedRegex(
        @"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w.:]*[\w:])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Address { get; }
}
