using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Review.Pages;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

/// <summary>What a reader sees of observations, arguments and twins before opening anything.</summary>
[Collection(ReviewRun.Collection)]
public sealed class FoldingTests(ReviewRun run)
{
    [Fact]
    public void An_observation_is_folded_to_what_arguments_repeat_and_verdicts_name()
    {
        var touched = new TouchedFields([Json.Parse("""{"order_id":"#W1","count":2}""")], ["says $1,019.50, wanted \"red\""]);

        var folded = touched.Fold(
            """{"order_id":"#W1","count":2,"price":1019.5,"total":1019.0,"colour":"red","items":[{"id":"#W1"},{"id":"#W2"}],"ok":true}"""
        )!;

        folded.Fields.Select(f => $"{f.Path}={f.Value}").Should().Equal("order_id=#W1", "price=1019.5", "colour=red", "items[0].id=#W1");
        folded.Others.Should().Be(4);
        touched.Fold("Error: no such order").Should().BeNull();
    }

    [Fact]
    public void Each_argument_that_was_said_or_read_leads_to_the_message_that_shows_it()
    {
        foreach (var row in Rows().Where(r => r.Status == "accepted").Take(40))
        {
            var details = RowDetails.Of(row);
            foreach (var message in details.Messages)
            {
                foreach (var origin in message.Calls.SelectMany(c => c.Origins).Where(o => o.Origin is "observation"))
                {
                    origin.Message.Should().NotBeNull($"{row.Id} {origin.Path}");
                    origin.Message.Should().BeLessThan(message.Number!.Value);
                    details.Messages.Single(m => m.Number == origin.Message).Role.Should().Be("tool");
                }
            }
        }
    }

    [Fact]
    public void Twins_stand_side_by_side_up_to_the_first_message_and_the_first_call_that_differ()
    {
        var row = Rows().First(r => r.ToolCallCount > 2);
        var (said, called) = (IndexOf(row, "user", 1), IndexOf(row, "tool_calls", 2));
        var changed = row.Messages.ToArray();
        changed[said] = Encoding.UTF8.GetBytes("""{"role":"user","content":"something else"}""");
        changed[called] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(changed[called].Span).Replace("\"name\":\"", "\"name\":\"other_"));

        var pair = TwinComparison.Of(RowDetails.Of(row), RowDetails.Of(row with { Messages = changed }));

        pair.First.Should().Be(Math.Min(said, called) - 1, "the policy is left out");
        pair.FirstCall.Should().Be(called - 1);
        pair.Messages.Count(m => !m.IsSame).Should().Be(2);
        TwinComparison.Of(pair.Left, pair.Left).Should().Match<TwinComparison>(p => p.First == null && p.FirstCall == null);
    }

    [Theory]
    [InlineData("move it to May 4, please", "move it to May 12, please", "4,|12,")]
    [InlineData("one", "one more", "one|one more")]
    [InlineData("same", "same", "|")]
    public void Tasks_of_twins_differ_in_whole_words(string left, string right, string expected)
    {
        var difference = TextDifference.Of(left, right);

        $"{difference.Left}|{difference.Right}".Should().Be(expected);
        (difference.Before + difference.Left + difference.After).Should().Be(left);
        (difference.Before + difference.Right + difference.After).Should().Be(right);
    }

    private IEnumerable<ShardRow> Rows() => new RunReader(new(new DiskStorage(), run.Made)).Rows();

    private static int IndexOf(ShardRow row, string part, int occurrence) =>
        Enumerable
            .Range(0, row.Messages.Count)
            .Where(i => Encoding.UTF8.GetString(row.Messages[i].Span).Contains($"\"{part}\""))
            .ElementAt(occurrence);
}
