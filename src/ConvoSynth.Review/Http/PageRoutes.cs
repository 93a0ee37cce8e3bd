using System.Text;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Pages;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Trajectories;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Review.Http;

/// <summary>The pages, rendered on the server.</summary>
internal sealed class PageRoutes(ReviewedRun run, ReviewSettings settings, GuardedWrites writes)
{
    /// <summary>The cookie that holds the reviewer's name.</summary>
    public const string NameCookie = "reviewer";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/review.css", () => Results.Bytes(PageFiles.Style, "text/css; charset=utf-8"));
        routes.MapGet("/review.js", () => Results.Bytes(PageFiles.Script, "text/javascript; charset=utf-8"));
        routes.MapGet("/", Overview);
        routes.MapGet("/rows", Rows);
        routes.MapGet("/row/{**id}", Row);
        routes.MapGet("/twins/{**id}", Twins);
        routes.MapGet("/kinds", Kinds);
        routes.MapGet("/queues", Queues);
        routes.MapGet("/queue/{name}", Draw);
        routes.MapGet("/learn", Learn);
        routes.MapGet("/api/message/{number:int}/{**id}", Message);
        routes.MapGet("/api/row/{**id}", (string id) => run.Tables.Find(id) is { } row ? Json(RowJson.Of(row).ToString()) : Missing(id));
    }

    /// <summary>The header by which a tool says for whom it asks.</summary>
    public const string NameHeader = "X-Reviewer";

    /// <summary>The name of the reviewer whose browser or tool asks.</summary>
    public static string ReviewerOf(HttpContext context, ReviewSettings settings) =>
        context.Request.Headers[NameHeader].ToString() is { Length: > 0 and <= 100 } named ? named
        : context.Request.Cookies[NameCookie] is { Length: > 0 and <= 100 } name ? name
        : settings.Reviewer;

    private static IResult Json(string text) => Results.Bytes(Encoding.UTF8.GetBytes(text), "application/json; charset=utf-8");

    private static IResult Missing(string id) =>
        Results.Text($"the run has no row {id}", "text/plain; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    private RazorComponentResult<OverviewPage> Overview(HttpContext context) =>
        new(new { Facts = Facts(context), Figures = OverviewFigures.Of(run.Counts) });

    private RazorComponentResult<RowsPage> Rows(HttpContext context)
    {
        var view = ViewOf(context);
        var standing = run.Standing();
        var decided = ReviewedRun.DecidedIn(view, standing, ReviewerOf(context, settings));
        return new(
            new
            {
                Facts = Facts(context),
                View = view,
                Lines = run.Tables.Page(view, decided),
                Total = run.Tables.Count(view, decided),
                Searched = view.Text is { } text ? run.Tables.Searched(text) : 1,
                Choices = FilterChoices.Of(run.Counts),
                Standing = standing,
            }
        );
    }

    private IResult Row(HttpContext context, string id)
    {
        if (run.Tables.Find(id) is not { } row)
            return Missing(id);
        var reviewer = ReviewerOf(context, settings);
        var view = ViewOf(context);
        var (before, next) = run.Around(view, id, reviewer);
        var hides = Hides(id, reviewer, view);
        // Shown at once when the reviewer gets there.
        if (context.Request.Headers["Sec-Purpose"].ToString().StartsWith("prefetch", StringComparison.Ordinal))
            context.Response.Headers.CacheControl = "private, max-age=30";
        return new RazorComponentResult<RowPage>(
            new
            {
                Facts = Facts(context),
                Details = RowDetails.Of(row, hides),
                View = view,
                Before = before,
                Next = next,
                Hides = hides,
                All = run.Standing().Of(id),
                Family = row.FamilyId is { } family ? run.Tables.Family(family) : [],
            }
        );
    }

    private IResult Twins(HttpContext context, string id, string with)
    {
        if (run.Tables.Find(id) is not { } left)
            return Missing(id);
        if (run.Tables.Find(with) is not { } right)
            return Missing(with);
        var reviewer = ReviewerOf(context, settings);
        var (hidesLeft, hidesRight) = (Hides(id, reviewer, new()), Hides(with, reviewer, new()));
        return new RazorComponentResult<TwinsPage>(
            new
            {
                Facts = Facts(context),
                Pair = TwinComparison.Of(RowDetails.Of(left, hidesLeft), RowDetails.Of(right, hidesRight)),
                HidesLeft = hidesLeft,
                HidesRight = hidesRight,
            }
        );
    }

    // A long observation, whole, when it is opened.
    private IResult Message(int number, string id)
    {
        if (run.Tables.Find(id) is not { } row)
            return Missing(id);
        return ShownMessages.Of(row, [], hidesVerdicts: true).FirstOrDefault(m => m.Number == number) is { } message
            ? Results.Text(ShownJson.Of(message.Text), "text/plain; charset=utf-8")
            : Missing($"{id} with a message {number}");
    }

    private bool Hides(string id, string reviewer, RowView view) =>
        (settings.Blind || run.IsBlind(view)) && run.Standing().Of(id, reviewer) is null;

    private RazorComponentResult<KindsPage> Kinds(HttpContext context)
    {
        var standing = run.Standing();
        var decided = standing.Kinds.ToDictionary(d => d.Kind!);
        var lines = run
            .Kinds.All()
            .Select(kind => new KindLine(
                kind,
                KindRule.Of(run.Kinds.RowsOf(kind.Check, kind.Shape), standing),
                decided.GetValueOrDefault(new(kind.Check, kind.Shape))
            ))
            .ToArray();
        return new(new { Facts = Facts(context), Lines = (IReadOnlyList<KindLine>)lines });
    }

    private RazorComponentResult<LearnPage> Learn(HttpContext context) =>
        new(new { Facts = Facts(context), Figures = LearnFigures.Of(run.Labels, run.Standing(), run.Entries) });

    private RazorComponentResult<QueuesPage> Queues(HttpContext context)
    {
        var draw = run.Draw(ReviewerOf(context, settings));
        IReadOnlyList<QueueLine> lines = [.. run.Queues.Select(q => new QueueLine(q, draw.Open(q)))];
        return new(new { Facts = Facts(context), Lines = lines });
    }

    // Claims the first waiting row and leads to it.
    private IResult Draw(HttpContext context, string name)
    {
        var view = new RowView { Queue = name };
        return run.ClaimFirst(view, ReviewerOf(context, settings)) is { } row
            ? Results.Redirect(RowLink.Of(row, view))
            : Results.Redirect("/queues?empty=" + Uri.EscapeDataString(name));
    }

    private static RowView ViewOf(HttpContext context) => RowView.Of(name => context.Request.Query[name]);

    private PageFacts Facts(HttpContext context)
    {
        var reviewer = ReviewerOf(context, settings);
        return new(
            run.Name,
            reviewer,
            writes.TokenOf(context),
            run.Standing().By(reviewer).Count,
            run.HasEnded ? null : run.DialoguesNow()
        );
    }
}
