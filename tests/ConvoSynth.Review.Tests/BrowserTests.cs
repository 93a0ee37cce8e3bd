using System.Text.Json.Nodes;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Promotions;
using ConvoSynth.Review.Replays;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>The app in a real Chromium.</summary>
[Collection(ReviewRun.Collection)]
public sealed class BrowserTests(ReviewRun run)
{
    [BrowserFact]
    public async Task A_reviewer_walks_through_the_rows_of_a_check_by_keys_alone()
    {
        var path = run.Copy();
        await using var server = await ReviewRun.Serve(path);

        var seen = await Browser.Run("walk", server.Url, "check=outcome.end-state&outcome=fail", "8");

        Found(seen).Should().BeEmpty();
        var decided = seen["decided"]!.AsArray().Select(d => ((string)d!["row"]!, (string)d["ruling"]!)).ToArray();
        decided.Select(d => d.Item1).Should().OnlyHaveUniqueItems();
        ((string)seen["undone"]!).Should().Be(decided[^1].Item1);
        ((string)seen["progress"]!).Should().Be("7 decided");
        using var log = new DecisionLog(path, TimeProvider.System);
        var standing = new Standing(log.Entries);
        foreach (var (row, ruling) in decided.SkipLast(1))
            standing
                .Of(row, "ada")!
                .Should()
                .Match<Decision>(d =>
                    string.Equals(d.Ruling.ToString(), ruling, StringComparison.OrdinalIgnoreCase)
                    && (ruling == "accept" || d.Fault == "agent")
                );
        standing.Of(decided[^1].Item1, "ada").Should().BeNull();
    }

    [BrowserFact]
    public async Task Two_reviewers_lose_no_decision_and_keep_none_twice_when_the_server_is_killed()
    {
        var path = run.Copy();

        var seen = await Browser.Run("killed", "http://127.0.0.1", ReviewRun.Program, path, "status=accepted&decided=open", "25");

        Found(seen).Should().BeEmpty();
        var rows = seen["decided"]!.AsArray().Select(d => (string)d!["row"]!).ToArray();
        rows.Should().HaveCount(50).And.OnlyHaveUniqueItems("a claim outlives the server");
        using var log = new DecisionLog(path, TimeProvider.System);
        log.Entries.Select(d => d.Row).Should().BeEquivalentTo(rows);
    }

    [BrowserFact]
    public async Task A_call_that_is_put_right_in_the_editor_is_played_kept_and_promoted()
    {
        var path = run.Copy();
        using var dialogues = new EditedDialogue(new(new DiskStorage(), path), TimeProvider.System);
        var (row, tool, wrong, right) = Mendable(path, dialogues);
        await using var server = await ReviewRun.Serve(path);

        var seen = await Browser.Run("edit", server.Url, row.Id, tool, wrong, right);

        Found(seen).Should().BeEmpty();
        ((string)seen["played"]!).Should().StartWith("accepted; ");
        seen["verdicts"]!.AsArray().Select(v => (string)v!).Should().Contain(row.RejectReasons[0]);
        var target = path + "-2";
        Promotion.Write(path, target, noCheck: false, TimeProvider.System).Revised.Should().Be(1);
        var promoted = new RunReader(new(new DiskStorage(), target)).Find(row.Id)!;
        (promoted.Status, promoted.LabelSource).Should().Be((RowStatus.Accepted, "human"));
    }

    [BrowserFact]
    public async Task No_serious_hindrance_is_on_any_page_narrow_and_dark_or_wide_and_light()
    {
        await using var server = await ReviewRun.Serve(run.Made);
        var reader = new RunReader(new(new DiskStorage(), run.Made));
        var (id, other) = (reader.Rows(ShardSet.Rejected).First().Id, reader.Rows(ShardSet.Accepted).First().Id);

        var seen = await Browser.Run(
            "axe",
            server.Url,
            "/",
            "/rows?status=rejected",
            $"/row/{id}",
            $"/twins/{id}?with={other}",
            "/queues",
            "/kinds",
            "/learn"
        );

        seen["findings"]!.AsArray().Select(f => (string)f!).Should().BeEmpty();
    }

    [BrowserFact]
    public async Task Hostile_text_in_a_dialogue_is_shown_whole_and_runs_nowhere()
    {
        const string Hostile =
            "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'> \u202Eright to left\u202C 😀 \u0000 end";
        var path = run.CopyWithoutRows();
        var whole = Whole(path, Hostile);
        await using var server = await ReviewRun.Serve(path);

        var seen = await Browser.Run("hostile", server.Url, whole.Id);

        Found(seen).Should().BeEmpty();
        seen["ran"].Should().BeNull();
        ((int)seen["scripts"]!).Should().Be(0);
        // HTML has no NUL: browsers show the replacement character.
        seen["words"]!.AsArray().Select(w => (string)w!).Should().Contain(Hostile.Replace('\0', '\uFFFD'));
        ((int)seen["messages"]!).Should().Be(whole.Messages.Count).And.BeGreaterThan(500);
        ((int)seen["length"]!).Should().BeGreaterThan(200_000, "an observation of 200 KB is there when it is opened");
    }

    private static string[] Found(JsonObject seen) => [.. seen["found"]!.AsArray().Select(f => (string)f!)];

    // A row whose one failing call has other arguments than the reference, and which is accepted with those of the reference.
    private static (ShardRow Row, string Tool, string Wrong, string Right) Mendable(string path, EditedDialogue dialogues)
    {
        foreach (var row in new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Rejected).Where(r => r.Status == RowStatus.Rejected))
        {
            var details = Pages.RowDetails.Of(row);
            var different = details.Calls.Where(c => !c.IsSame).ToArray();
            if (different is not [{ Gold: { } gold, Actual: { } actual }] || gold.Name != actual.Name)
                continue;
            var turns = EditedDialogue.TurnsOf(row);
            var call = turns.SelectMany(t => t.Calls).FirstOrDefault(c => Pages.CallAlignment.Text(c.Arguments) == actual.Arguments);
            if (call is null)
                continue;
            var mended = turns.Select(t =>
                t with
                {
                    Calls = [.. t.Calls.Select(c => c == call ? c with { Arguments = gold.Arguments } : c)],
                }
            );
            if (dialogues.Play(row, [.. mended]).Status == RowStatus.Accepted)
                return (row, call.Name, call.Arguments, gold.Arguments);
        }

        throw new InvalidOperationException("no row of the run can be put right by the arguments of one call");
    }

    private ShardRow Whole(string path, string text)
    {
        var row = new RunReader(new(new DiskStorage(), run.Made)).Rows(ShardSet.Accepted).First();
        string Message(string role, string content) => new JsonObject { ["role"] = role, ["content"] = content }.ToJsonString();
        string[] added =
        [
            Message("assistant", text),
            Message("tool", new JsonObject { ["text"] = string.Concat(Enumerable.Repeat("<b>ü😀</b> ", 22_000)) }.ToJsonString()),
            .. Enumerable.Range(0, 500).Select(i => Message(i % 2 == 0 ? "user" : "assistant", $"message {i}")),
        ];
        var hostile = row with
        {
            Messages = [.. row.Messages, .. added.Select(m => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(m))],
            MessageMeta = [.. row.MessageMeta, .. added.Select(_ => (ReadOnlyMemory<byte>)"{\"train\":false}"u8.ToArray())],
        };
        var folder = new RunFolder(new DiskStorage(), path);
        using var shards = PartitionShards.Open(folder, 0, null, new ParquetShards());
        shards.Append(hostile.Index, [hostile]);
        shards.Commit();
        return hostile;
    }
}
