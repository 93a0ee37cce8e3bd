using ConvoSynth.Core.Verdicts;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Promotions;
using ConvoSynth.Review.Replays;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Tests;

[Collection(ReviewRun.Collection)]
public sealed class ReplayTests(ReviewRun run)
{
    [Fact]
    public void A_dialogue_that_is_played_unchanged_has_the_verdicts_of_its_row()
    {
        using var dialogues = new EditedDialogue(Folder(run.Made), TimeProvider.System);
        var rows = new RunReader(Folder(run.Made))
            .Rows()
            .Where(r => r.Status is RowStatus.Accepted or RowStatus.Rejected or RowStatus.Undecided)
            // An edit of a dialogue that was stopped early may go on, so it is no longer stopped.
            .Where(r => !RowConversation.VerdictsOf(r).Any(v => v is { Stage: "conversation", Check: "stopped" }))
            .Take(120)
            .ToArray();

        foreach (var row in rows)
        {
            var played = dialogues.Play(row, EditedDialogue.TurnsOf(row));
            Text(played.Verdicts).Should().Equal(Text(RowConversation.VerdictsOf(row)), row.Id);
            played.Status.Should().Be(row.Status);
        }
    }

    [Fact]
    public void A_wrong_argument_that_is_put_right_turns_the_verdicts()
    {
        using var dialogues = new EditedDialogue(Folder(run.Made), TimeProvider.System);
        var row = Accepted();
        var right = EditedDialogue.TurnsOf(row);
        var wrong = right.Select(t => t with { Calls = [.. t.Calls.Select(c => c with { Arguments = "{\"nonsense\": 1}" })] }).ToArray();

        var broken = dialogues.Play(row, wrong);
        var mended = dialogues.Play(row, right);

        broken.Status.Should().Be(RowStatus.Rejected);
        broken
            .Conversation.Messages.Where(m => m.Role == Core.Dialogues.MessageRole.Tool)
            .Should()
            .OnlyContain(m => m.Content!.StartsWith("Error"));
        mended.Status.Should().Be(RowStatus.Accepted);
    }

    [Fact]
    public void Turns_that_are_no_dialogue_are_refused_in_a_sentence()
    {
        using var dialogues = new EditedDialogue(Folder(run.Made), TimeProvider.System);
        var row = Accepted();
        string Refusal(params EditedTurn[] turns) =>
            FluentActions.Invoking(() => dialogues.Play(row, turns)).Should().Throw<ReviewException>().Which.Message;

        Refusal().Should().Be("a dialogue has 1 to 1,000 turns");
        Refusal(new EditedTurn("user", " ", [])).Should().Be("turn 1 says nothing and calls nothing");
        Refusal(new EditedTurn("tool", "x", [])).Should().Be("turn 1 is of \"tool\"; it must be of user or assistant");
        Refusal(new EditedTurn("user", "x", [new(null, "f", "{}")])).Should().Be("turn 1 is the human's, who calls no tools");
        var call = new EditedTurn("assistant", null, [new("c1", "find_member", "{}")]);
        Refusal(call, call).Should().Be("two calls have the same id; leave the id out of the copied one");
    }

    [Fact]
    public async Task A_promotion_applies_what_people_decided_and_keeps_every_other_row()
    {
        var path = run.Copy();
        var rows = new RunReader(Folder(path)).Rows().ToArray();
        var rejected = rows.Where(r => r.Status == RowStatus.Rejected).Take(3).ToArray();
        var accepted = rows.Where(r => r.Status == RowStatus.Accepted).Take(3).ToArray();
        using (var log = new DecisionLog(path, TimeProvider.System))
        {
            await Keep(log, rejected[0], Ruling.Accept);
            await Keep(log, accepted[0], Ruling.Reject, fault: "human");
            await Keep(log, accepted[1], Ruling.Accept);
            await Keep(log, accepted[2], Ruling.Accept, reviewer: "ada");
            await Keep(log, accepted[2], Ruling.Reject, reviewer: "bob");
            await Keep(log, rejected[1], Ruling.Defer);
            await Keep(log, accepted[1], Ruling.Revise, turns: EditedDialogue.TurnsOf(accepted[1]));
        }

        var target = path + "-2";
        var done = Promotion.Write(path, target, noCheck: false, TimeProvider.System);

        done.Should().Be(new Promoted(rows.Length, Accepted: 1, Rejected: 1, Revised: 1, Tied: 1, ByRule: 0));
        var promoted = new RunReader(Folder(target)).Rows().ToDictionary(r => r.Id);
        promoted.Should().HaveCount(rows.Length);
        promoted[rejected[0].Id]
            .Should()
            .Match<ShardRow>(r => r.Status == RowStatus.Accepted && r.LabelSource == "human" && r.RejectReasons.Count == 0);
        promoted[accepted[0].Id].RejectReasons.Should().Equal("review.human");
        promoted[accepted[1].Id].Should().Match<ShardRow>(r => r.Status == RowStatus.Accepted && r.LabelSource == "human");
        string[] decided = [rejected[0].Id, accepted[0].Id, accepted[1].Id];
        foreach (var row in rows.Where(r => !decided.Contains(r.Id)))
            RowJson.Of(promoted[row.Id]).ToString().Should().Be(RowJson.Of(row).ToString());
        (await File.ReadAllTextAsync(Path.Combine(target, "README.md"))).Should().Contain("convosynth promote demo");
        (await ReviewRun.Run("summary", target)).Should().Be(0);

        FluentActions
            .Invoking(() => Promotion.Write(run.Made, path + "-3", noCheck: false, TimeProvider.System))
            .Should()
            .Throw<ReviewException>()
            .WithMessage("*has no decisions to apply*");
    }

    [Fact]
    public async Task A_promotion_of_an_edit_that_fails_its_checks_leaves_nothing()
    {
        var path = run.Copy();
        var row = Accepted();
        var wrong = EditedDialogue.TurnsOf(row).Select(t => t with { Calls = [.. t.Calls.Select(c => c with { Arguments = "{}" })] });
        using (var log = new DecisionLog(path, TimeProvider.System))
            await Keep(log, row, Ruling.Revise, turns: [.. wrong]);

        FluentActions
            .Invoking(() => Promotion.Write(path, path + "-2", noCheck: false, TimeProvider.System))
            .Should()
            .Throw<ReviewException>()
            .WithMessage($"the edited dialogue of {row.Id} fails *");
        Directory.Exists(path + "-2").Should().BeFalse();
    }

    private static async Task Keep(
        DecisionLog log,
        ShardRow row,
        Ruling ruling,
        string reviewer = "ada",
        string? fault = null,
        IReadOnlyList<EditedTurn>? turns = null
    ) =>
        await log.Append(
            new()
            {
                Row = row.Id,
                Ruling = ruling,
                Reviewer = reviewer,
                At = DateTimeOffset.UnixEpoch,
                Fault = fault,
                Turns = turns,
            },
            CancellationToken.None
        );

    private ShardRow Accepted() => new RunReader(Folder(run.Made)).Rows(ShardSet.Accepted).First(r => r.ToolCallCount > 2);

    private static RunFolder Folder(string path) => new(new DiskStorage(), path);

    private static IEnumerable<string> Text(IEnumerable<Verdict> verdicts) =>
        verdicts.Select(v => $"{v.Stage}.{v.Check} {v.Outcome} {v.Fault} {v.Message} {v.Evidence}");
}
