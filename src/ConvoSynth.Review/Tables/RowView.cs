using Microsoft.AspNetCore.WebUtilities;

namespace ConvoSynth.Review.Tables;

/// <summary>
/// Which rows a reviewer looks at, and in which order: the query of a link. An absent field lets all rows pass.
/// </summary>
public sealed record RowView
{
    public const int PageRows = 100;

    public string? Status { get; init; }

    public string? Domain { get; init; }

    public string? Intent { get; init; }

    public string? Slice { get; init; }

    /// <summary>A check with a verdict that failed or is unsure, as <c>stage.check</c>.</summary>
    public string? Check { get; init; }

    /// <summary>The shape of the verdict's evidence, as <see cref="RunKinds"/> names it.</summary>
    public string? Shape { get; init; }

    /// <summary><c>fail</c> or <c>unsure</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>The party of a failed verdict.</summary>
    public string? Fault { get; init; }

    /// <summary>A tool that was called.</summary>
    public string? Tool { get; init; }

    /// <summary>The kind of a planted fault; <c>any</c>, <c>none</c>, or <c>control</c>: rows with any, or accepted without.</summary>
    public string? Planted { get; init; }

    /// <summary>A judge's name: rows on which the judges do not agree, that judge among them; <c>any</c> for any judge.</summary>
    public string? Split { get; init; }

    /// <summary>Text in the instruction, the messages (with arguments and observations) or the evidence.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// <c>open</c>: rows that no reviewer has decided; <c>no</c>: rows that this reviewer has not decided; <c>yes</c>: rows that this
    /// reviewer has decided.
    /// </summary>
    public string? Decided { get; init; }

    /// <summary><c>index</c> (the default), <c>longest</c>, <c>costliest</c>, <c>calls</c> or <c>random</c>.</summary>
    public string Sort { get; init; } = "index";

    /// <summary>The queue that rows are drawn from instead of a list, or <c>all</c> of them by priority and share.</summary>
    public string? Queue { get; init; }

    /// <summary>From 0.</summary>
    public int Page { get; init; }

    private static readonly (string Name, Func<RowView, string?> Get)[] Fields =
    [
        ("status", v => v.Status),
        ("domain", v => v.Domain),
        ("intent", v => v.Intent),
        ("slice", v => v.Slice),
        ("check", v => v.Check),
        ("shape", v => v.Shape),
        ("outcome", v => v.Outcome),
        ("fault", v => v.Fault),
        ("tool", v => v.Tool),
        ("planted", v => v.Planted),
        ("split", v => v.Split),
        ("text", v => v.Text),
        ("decided", v => v.Decided),
        ("queue", v => v.Queue),
        ("sort", v => v.Sort == "index" ? null : v.Sort),
        ("page", v => v.Page == 0 ? null : $"{v.Page}"),
    ];

    /// <summary>Reads the query of a link; unknown fields are ignored.</summary>
    public static RowView Of(Func<string, string?> query)
    {
        string? Get(string name) => query(name) is { Length: > 0 } value ? value : null;
        return new()
        {
            Status = Get("status"),
            Domain = Get("domain"),
            Intent = Get("intent"),
            Slice = Get("slice"),
            Check = Get("check"),
            Shape = Get("shape"),
            Outcome = Get("outcome"),
            Fault = Get("fault"),
            Tool = Get("tool"),
            Planted = Get("planted"),
            Split = Get("split"),
            Text = Get("text"),
            Decided = Get("decided"),
            Queue = Get("queue"),
            Sort = Get("sort") is "longest" or "costliest" or "calls" or "random" ? Get("sort")! : "index",
            Page = int.TryParse(Get("page"), out var page) ? Math.Clamp(page, 0, 1_000_000) : 0,
        };
    }

    /// <summary>Reads a query such as <c>status=rejected&amp;tool=cancel</c>, with or without the question mark.</summary>
    public static RowView Parse(string? query)
    {
        var fields = QueryHelpers.ParseQuery(query);
        return Of(name => fields.TryGetValue(name, out var value) ? value.ToString() : null);
    }

    /// <summary>The query of the link that shows this view, with the question mark; empty for all rows.</summary>
    public string Query()
    {
        var parts = Fields
            .Select(field => (field.Name, Value: field.Get(this)))
            .Where(field => field.Value is not null)
            .Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}");
        var query = string.Join('&', parts);
        return query.Length == 0 ? "" : $"?{query}";
    }

    /// <summary>The filters that are set, for a person.</summary>
    public IEnumerable<(string Name, string Value)> Set() =>
        Fields.Where(f => f.Name is not ("page" or "sort")).Select(f => (f.Name, Value: f.Get(this)!)).Where(f => f.Value is not null);
}
