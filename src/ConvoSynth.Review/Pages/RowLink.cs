using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Pages;

/// <summary>Links to rows: an id has slashes, and the rest of it may be any text.</summary>
internal static class RowLink
{
    public static string PathOf(string id) => string.Join('/', id.Split('/').Select(Uri.EscapeDataString));

    /// <summary>The page of a row in a view.</summary>
    public static string Of(string id, RowView view) => $"/row/{PathOf(id)}{(view with { Page = 0 }).Query()}";
}
