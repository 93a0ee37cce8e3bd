using ConvoSynth.Embedded.Measuring;

namespace ConvoSynth.Embedded.Tests;

/// <summary>Alone in its process while it runs: allocation is counted for the whole process.</summary>
[CollectionDefinition(nameof(Cost), DisableParallelization = true)]
[Collection(nameof(Cost))]
public sealed class Cost
{
    [Fact]
    public async Task A_call_that_answers_at_once_costs_a_few_hundred_bytes()
    {
        var figures = await EmbeddedThroughput.MeasureAsync(grains: 4, callsPerGrain: 5000, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(60));

        figures.Calls.Should().Be(20_000);
        figures.CallsPerSecond.Should().BePositive();
        figures.BytesPerCall.Should().BeInRange(100, 600);
    }
}
