using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Grains.Tests;

/// <summary>Whether a row shows the model's reasoning.</summary>
public sealed class ShownReasoning
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasoning_stands_in_the_row_where_its_endpoint_is_to_show_it(bool shows)
    {
        var spec = Setups.Spec with
        {
            Endpoints =
            [
                new()
                {
                    Name = "thinker",
                    Provider = EndpointProvider.OpenAI,
                    Model = "m",
                    ReasoningInRows = shows,
                },
            ],
        };
        var setup = Setups.Of(spec);
        var blueprint = Setups.Sampled(spec, 0);
        var played = (await DialogueRunner.Play(setup, 0, 0, blueprint, CancellationToken.None)).Finish();
        var messages = played.Messages.Select(m =>
            m.Role == MessageRole.Assistant ? m with { Reasoning = new("thinker", Json.List(), "They want a book.") } : m
        );
        var trajectory = DialogueRunner.TrajectoryOf(setup, 0, 0, blueprint, played with { Messages = [.. messages] });

        var row = ResultRows.RowOf(
            spec,
            new()
            {
                Index = 0,
                Attempt = 0,
                Epoch = 0,
                Trajectory = trajectory,
            }
        );

        row.Messages.Count(m =>
                Encoding.UTF8.GetString(m.Span).Contains("\"reasoning_content\":\"They want a book.\"", StringComparison.Ordinal)
            )
            .Should()
            .Be(shows ? played.Messages.Count(m => m.Role == MessageRole.Assistant) : 0);
    }
}
