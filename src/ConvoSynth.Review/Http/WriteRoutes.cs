using ConvoSynth.Core.Dialogues;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Replays;
using ConvoSynth.Review.Tables;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Review.Http;

/// <summary>What a browser sends. Each answer is JSON; an error has one sentence.</summary>
internal sealed class WriteRoutes(ReviewedRun run, ReviewSettings settings, GuardedWrites writes)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/turns/{**id}", (string id) => GuardedWrites.Try(() => Task.FromResult(Turns(id))));
        routes.MapPost("/api/reviewer", Rename);
        routes.MapPost("/api/claims", Claim);
        routes.MapPost("/api/decisions", Decide);
        routes.MapPost("/api/kinds", DecideKind);
        routes.MapPost("/api/play", Play);
    }

    private IResult Turns(string id) => Results.Json(EditedDialogue.TurnsOf(Find(id)), ReviewJson.Default.IReadOnlyListEditedTurn);

    private Task<IResult> Rename(HttpContext context, NameRequest request) =>
        writes.Do(
            context,
            () =>
            {
                var name = request.Name.Trim();
                if (name.Length is 0 or > 100)
                    throw new ReviewException("a reviewer's name has 1 to 100 characters");
                context.Response.Cookies.Append(
                    PageRoutes.NameCookie,
                    name,
                    new()
                    {
                        HttpOnly = true,
                        SameSite = SameSiteMode.Strict,
                        MaxAge = TimeSpan.FromDays(365),
                    }
                );
                return Task.FromResult(Results.Json(new DecisionAnswer(null), ReviewJson.Default.DecisionAnswer));
            }
        );

    // A browser may show a page that it fetched ahead, so the page itself says when it is read.
    private Task<IResult> Claim(HttpContext context, ClaimRequest request) =>
        writes.Do(
            context,
            () =>
                Task.FromResult(
                    Results.Json(
                        new ClaimAnswer(run.Claims.Take(request.Row, PageRoutes.ReviewerOf(context, settings))),
                        ReviewJson.Default.ClaimAnswer
                    )
                )
        );

    private Task<IResult> Decide(HttpContext context, DecisionRequest request) =>
        writes.Do(
            context,
            async () =>
            {
                var reviewer = PageRoutes.ReviewerOf(context, settings);
                var row = Find(request.Row);
                // The verdicts were shown after the first word on a row.
                var isBlind = request.Blind is not null && !run.HasSpoken(row.Id, reviewer);
                if (request.Turns is { } turns)
                    RequirePlayed(row, turns);
                await run.Keep(
                    new()
                    {
                        Row = row.Id,
                        Ruling = request.Ruling,
                        Reviewer = reviewer,
                        At = run.Time.GetUtcNow(),
                        Fault = request.Fault,
                        Tags = request.Tags ?? [],
                        Note = request.Note,
                        Turns = request.Turns,
                        Key = request.Key,
                        Blind = isBlind,
                    },
                    context.RequestAborted
                );
                // In blind mode the reviewer looks at the verdicts before going on.
                var stays = request.Ruling == Ruling.Undo || request.Blind is not null;
                var view = RowView.Parse(request.View);
                return Results.Json(
                    new DecisionAnswer(stays ? null : run.ClaimNext(view, row.Id, reviewer)),
                    ReviewJson.Default.DecisionAnswer
                );
            }
        );

    private Task<IResult> DecideKind(HttpContext context, KindRequest request) =>
        writes.Do(
            context,
            async () =>
            {
                var rule = KindRule.Of(run.Kinds.RowsOf(request.Kind.Check, request.Kind.Shape), run.Standing());
                if (request.Ruling != Ruling.Undo && rule.Offer != request.Ruling)
                    throw new ReviewException(
                        $"the rest of a kind is decided after {KindRule.Needed} blind decisions that agree; there are {rule.Accepted} that "
                            + $"accept and {rule.Rejected} that reject"
                    );
                await run.Keep(
                    new()
                    {
                        Row = "",
                        Kind = request.Kind,
                        Ruling = request.Ruling,
                        Reviewer = PageRoutes.ReviewerOf(context, settings),
                        At = run.Time.GetUtcNow(),
                    },
                    context.RequestAborted
                );
                return Results.Json(new DecisionAnswer(null), ReviewJson.Default.DecisionAnswer);
            }
        );

    private Task<IResult> Play(HttpContext context, PlayRequest request) =>
        writes.Do(
            context,
            () =>
            {
                var row = Find(request.Row);
                var begun = run.Time.GetTimestamp();
                var played = run.Dialogues.Play(row, request.Turns);
                var took = (long)run.Time.GetElapsedTime(begun).TotalMilliseconds;
                return Task.FromResult(
                    Results.Json(new PlayAnswer(played.Status, Changed(row, played), took), ReviewJson.Default.PlayAnswer)
                );
            }
        );

    private void RequirePlayed(ShardRow row, IReadOnlyList<EditedTurn> turns)
    {
        var played = run.Dialogues.Play(row, turns);
        if (played.Status == Core.Verdicts.RowStatus.Rejected)
            throw new ReviewException($"the edit cannot be kept: it fails {string.Join(", ", played.RejectReasons)}");
    }

    private ShardRow Find(string id) => run.Tables.Find(id) ?? throw new ReviewException($"the run has no row {id}");

    private static IReadOnlyList<ChangedVerdict> Changed(ShardRow row, Trajectory played)
    {
        var before = RowConversation
            .VerdictsOf(row)
            .GroupBy(v => $"{v.Stage}.{v.Check}")
            .ToDictionary(g => g.Key, Worst, StringComparer.Ordinal);
        var after = played.Verdicts.GroupBy(v => $"{v.Stage}.{v.Check}").ToDictionary(g => g.Key, Worst, StringComparer.Ordinal);
        return
        [
            .. before
                .Keys.Union(after.Keys)
                .Order(StringComparer.Ordinal)
                .Select(name => (Name: name, Before: before.GetValueOrDefault(name), After: after.GetValueOrDefault(name)))
                .Where(v => v.Before?.Outcome != v.After?.Outcome)
                .Select(v => new ChangedVerdict(v.Name, Text(v.Before), Text(v.After), (v.After ?? v.Before)?.Evidence)),
        ];
    }

    // Of several verdicts of one check, the gravest.
    private static Core.Verdicts.Verdict Worst(IEnumerable<Core.Verdicts.Verdict> verdicts) =>
        verdicts.MaxBy(v =>
            v.Outcome switch
            {
                Core.Verdicts.Outcome.Fail => 3,
                Core.Verdicts.Outcome.Unsure => 2,
                Core.Verdicts.Outcome.Pass => 1,
                _ => 0,
            }
        )!;

    private static string? Text(Core.Verdicts.Verdict? verdict) => verdict?.Outcome.ToString().ToLowerInvariant();
}
