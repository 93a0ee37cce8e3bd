using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

public sealed class SameDialogueTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(7, 1, 0)]
    [InlineData(12, 0, 1)]
    [InlineData(33, 2, 1)]
    public async Task A_dialogue_over_http_is_the_one_that_the_rehearsal_model_has_in_process(long index, int attempt, double faultRate)
    {
        await using var serving = await Serving.Start();
        var inProcess = Setup(faultRate, new RehearsalModel(_ => Serving.Library.Pack, new() { FaultRate = faultRate }));
        var overHttp = Setup(faultRate, new HttpModel(serving, faultRate));
        var blueprint = await inProcess.Blueprints.Make(index, CancellationToken.None);

        var expected = await DialogueRunner.Play(inProcess, index, attempt, blueprint, CancellationToken.None);
        var played = await DialogueRunner.Play(overHttp, index, attempt, blueprint, CancellationToken.None);

        expected.Messages.Should().HaveCountGreaterThan(3);
        played.Messages.Select(Line).Should().Equal(expected.Messages.Select(Line));
        played.PlantedFault.Should().Be(expected.PlantedFault);
        if (faultRate == 1)
            expected.PlantedFault.Should().NotBeNull();
    }

    [Fact]
    public async Task A_script_that_was_forgotten_is_made_again_the_same()
    {
        await using var serving = await Serving.Start(new() { ScriptsKept = 4 });
        var first = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Said(serving, i)));

        serving.Stats["scripts"]["kept"].Number.Should().BeLessThanOrEqualTo(4);
        serving.Stats["scripts"]["composed"].Number.Should().BeGreaterThanOrEqualTo(12);
        for (var i = 0; i < 12; i++)
            (await Said(serving, i)).Should().Be(first[i]);
        serving.Stats["scripts"]["kept"].Number.Should().BeLessThanOrEqualTo(4);
        first.Distinct().Should().HaveCountGreaterThan(8);
    }

    private static async Task<string?> Said(Serving serving, int index) =>
        (await serving.Post(Bodies.Chat(Bodies.Metadata("human", 0, index)))).Message["content"].Text;

    private static string Line(Message m) => $"{m.Role}: {m.Content} {string.Concat(m.ToolCalls)}";

    private static RunSetup Setup(double faultRate, IChatModel model)
    {
        var spec = new RunSpec
        {
            RunId = "run",
            Domains = ["library"],
            Count = 1000,
            Seed = 5,
            FaultRate = faultRate,
        };
        var packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { ["library"] = Serving.Library.Pack };
        return new()
        {
            Spec = spec,
            Packs = packs,
            Blueprints = new SampledBlueprints(
                spec,
                new Dictionary<string, BlueprintSampler>(StringComparer.Ordinal) { ["library"] = Serving.Library.Sampler }
            ),
            Human = model,
            Agent = model,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
        };
    }

    // A minimal client: it names the line that it wants, and parses the answer.
    private sealed class HttpModel(Serving serving, double faultRate) : IChatModel
    {
        public string Name => "http";

        public object? Open(DialogueOpening opening) => null;

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            var got = await serving.Post(
                Bodies.Chat(
                    Bodies.Metadata(
                        request.Role == ModelRole.Human ? "human" : "agent",
                        request.Step,
                        request.Dialogue.Index,
                        "",
                        request.Dialogue.Attempt,
                        faultRate: faultRate
                    )
                )
            );
            got.Status.Should().Be(200, got.Text);
            return new()
            {
                Message = new()
                {
                    Role = MessageRole.Assistant,
                    Content = got.Message["content"].Text,
                    ToolCalls =
                    [
                        .. got.Message["tool_calls"]
                            .Items.Select(c => new ToolCall(c["id"].Text!, c["function"]["name"].Text!, c["function"]["arguments"].Text!)),
                    ],
                },
                Model = Name,
                PlantedFault = got.Body["convosynth_planted_fault"].Text,
            };
        }
    }
}
