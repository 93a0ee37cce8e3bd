using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

/// <summary>Scripted judges: what they say follows from their conduct, the planted fault and the form of the question.</summary>
public sealed class JudgeAnswerTests
{
    private const string Criteria = "correctness completeness naturalness";

    [Theory]
    [InlineData("committee", 1)]
    [InlineData("committee/repair-1", 1)]
    [InlineData("committee-swapped", 0)]
    [InlineData("committee-swapped/repair-1", 0)]
    public async Task A_judge_without_a_conduct_finds_nothing_wrong_and_quotes_something(string part, int label)
    {
        await using var serving = await Serving.Start();

        var vote = await Ask(serving, "judge:first", part, Votes(Criteria));

        Criteria.Split(' ').Select(c => vote[c].Number).Should().AllBeEquivalentTo(label);
        vote["correctness_evidence"]
            .Text.Should()
            .Contain("has read nothing")
            .And.Contain("\"you\"", "a vote without a quotation counts for nothing");
        (await Ask(serving, "judge:first", "", Single))["answer"].Text.Should().Be("yes");
        (await Ask(serving, "judge:first", "swapped", Single))["answer"].Text.Should().Be("no");
        (await Ask(serving, "judge:first", "blueprint", Votes("satisfaction")))["satisfaction"].Number.Should().Be(1);
    }

    [Theory]
    [InlineData("first=yes", "1 yes")]
    [InlineData("first=no", "0 no")]
    [InlineData("first=alarm:1", "0 no")]
    [InlineData("first=miss:1", "1 yes")]
    public async Task A_conduct_decides_the_answer_in_a_dialogue_without_a_fault(string conduct, string said)
    {
        await using var serving = await Serving.Start(new() { Judges = JudgeConducts.Parse([conduct], 0) });

        var vote = await Ask(serving, "judge:first", "committee", Votes(Criteria));
        var answer = await Ask(serving, "judge:first", "", Single);

        $"{vote["correctness"].Number} {answer["answer"].Text}".Should().Be(said);
    }

    [Fact]
    public async Task Garbage_is_no_json_and_a_judge_that_hangs_never_answers()
    {
        await using var serving = await Serving.Start(new() { Judges = JudgeConducts.Parse(["a=garbage", "b=hang"], 0) });
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var garbage = await serving.Post(Body("judge:a", "committee", Votes(Criteria)));
        var hanging = () => serving.Client.PostAsync("/v1/chat/completions", Content("judge:b"), impatient.Token);

        Json.TryParse(garbage.Message["content"].Text!, out _, out _).Should().BeFalse();
        await hanging.Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData("one", "the judge \"one\" is not of the form SEAT=yes")]
    [InlineData("one=maybe", "the judge \"one=maybe\" is not of the form SEAT=yes")]
    [InlineData("one=miss:much", "the judge \"one=miss:much\" is not of the form SEAT=yes")]
    public void A_conduct_that_cannot_be_is_one_sentence(string pair, string sentence) =>
        FluentActions.Invoking(() => JudgeConducts.Parse([pair], 0)).Should().Throw<FormatException>().WithMessage($"{sentence}*");

    [Fact]
    public void Rates_and_correlation_are_shares()
    {
        JudgeConducts.Parse(["one=miss:1.5"], 0).Problem().Should().Be("the judge \"one\" misses 1.5; it must be from 0 to 1");
        JudgeConducts.Parse(["one=alarm:-1"], 0).Problem().Should().Be("the judge \"one\" alarms -1; it must be from 0 to 1");
        JudgeConducts.Parse([], 2).Problem().Should().Be("the correlation of the judges is 2; it must be from 0 to 1");
        JudgeConducts.Parse(["one=miss:0.2,alarm:0.1"], 0.3).Problem().Should().BeNull();
    }

    private static Json Single { get; } =
        Bodies.Schema(
            """{"type":"object","properties":{"evidence":{"type":"string"},"answer":{"type":"string","enum":["no","yes"]}},"""
                + """ "required":["evidence","answer"]}"""
        );

    private static Json Votes(string criteria)
    {
        var names = criteria.Split(' ').SelectMany(c => new[] { $"{c}_evidence", c }).Select(n => $"\"{n}\"").ToArray();
        var fields = names.Select(n =>
            n.EndsWith("_evidence\"", StringComparison.Ordinal) ? $$"""{{n}}:{"type":"string"}""" : $$"""{{n}}:{"type":"integer"}"""
        );
        return Bodies.Schema(
            $$"""{"type":"object","properties":{{{string.Join(',', fields)}}},"required":[{{string.Join(',', names)}}]}"""
        );
    }

    private static JsonMap Body(string role, string part, Json format) =>
        Bodies.Chat(Bodies.Metadata(role, 0, part: part), ("response_format", format));

    private static StringContent Content(string role) =>
        new(Body(role, "committee", Votes(Criteria)).ToString(), System.Text.Encoding.UTF8, "application/json");

    private static async Task<Json> Ask(Serving serving, string role, string part, Json format) =>
        Json.Parse((await serving.Post(Body(role, part, format))).Message["content"].Text!);
}
