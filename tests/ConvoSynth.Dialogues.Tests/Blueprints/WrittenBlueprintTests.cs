using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Verification.Tests;

namespace ConvoSynth.Dialogues.Tests;

public sealed class WrittenBlueprintTests
{
    private const string Good =
        "You are Ames, and Dune is not finished. You want to renew Dune for 2 weeks. If asked, your card number is 20000001.";

    [Fact]
    public async Task Words_that_hold_all_facts_and_nothing_hidden_take_the_place_of_the_samplers()
    {
        var writer = new Answering(Answer(Good));

        var made = await Written(writer).Make(7, journal: null, default);

        made.Blueprint.Should().BeEquivalentTo(Tasks.Renewal with { Instruction = Good });
        made.Calls.Should().ContainSingle();
        var asked = writer.Asked.Should().ContainSingle().Subject;
        asked.Key.ToString().Should().Be("run/7/0/writer/0");
        asked
            .User.Should()
            .Contain("card number; say it as: 20000001")
            .And.Contain("renew \"Dune\" for 2 weeks")
            .And.Contain(Tasks.Renewal.Persona.Manner)
            .And.NotContain("7720000001");
    }

    [Theory]
    [InlineData(
        "You are Ames. You want to renew Dune for 2 weeks.",
        "the instruction does not say the fact member.card_no: card number 20000001"
    )]
    [InlineData(Good + " Your PIN is 7720000001.", "the instruction says the PIN, which the human must never say")]
    [InlineData(Good + " The agent calls renew_loan.", "the instruction names the tool renew_loan")]
    [InlineData(Good + " It is loan L1001.", "the instruction says L1001, which only a read shows")]
    [InlineData(Good + " You borrowed it on May 14.", "the instruction says \"14\", which the plan does not have")]
    [InlineData(Good + " Write ###STOP### then.", "the instruction holds a mark with ###, which only the player writes")]
    [InlineData("", "the instruction is empty")]
    public async Task Words_that_will_not_do_are_asked_for_again_with_the_reason(string words, string reason)
    {
        var writer = new Answering(Answer(words), Answer(Good));

        (await Written(writer).Make(0, journal: null, default)).Blueprint.Instruction.Should().Be(Good);

        writer.Problems.Should().Equal(reason);
    }

    [Fact]
    public async Task A_writer_that_never_gets_it_right_fails_the_blueprint_with_the_reason_and_what_it_cost()
    {
        var failing = await Written(new(Answer("Nothing.")))
            .Invoking(w => w.Make(0, journal: null, default).AsTask())
            .Should()
            .ThrowAsync<BlueprintException>();

        failing
            .Which.Message.Should()
            .Be(
                "no words of answering for the blueprint loans/1/0 would do; of the last: the instruction does not say "
                    + "the fact member.card_no: card number 20000001"
            );
        failing.Which.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task The_samplers_words_stand_where_the_spec_says_so()
    {
        var made = await Written(new(Answer("Nothing.")), keep: true).Make(0, journal: null, default);

        made.Blueprint.Instruction.Should().Be(Tasks.Renewal.Instruction);
        made.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_foreign_task_keeps_its_words()
    {
        var foreign = Tasks.Renewal with { Scenario = Tasks.Renewal.Scenario with { Requests = [] } };
        var writer = new Answering(Answer(Good));

        var made = await new WrittenBlueprints(new One(foreign), writer, ShippedPrompts.Set, _ => TestPacks.Loans, "run").Make(
            0,
            journal: null,
            default
        );

        made.Blueprint.Should().BeSameAs(foreign);
        writer.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task The_plan_that_the_writer_gets_does_not_tell_which_branch_comes_true()
    {
        var request = Tasks.Renewal.Scenario.Requests[0] with
        {
            Alternatives =
            [
                new("if that is possible", "renew \"Dune\" for 2 weeks", Taken: false),
                new("otherwise", "know when it is due", Taken: true),
            ],
            Done = ["it is due on March 3"],
            Because = ["it is reserved"],
        };

        async Task<string> Plan(bool first)
        {
            var writer = new Answering(Answer(Good));
            var scenario = Tasks.Renewal.Scenario with
            {
                Requests =
                [
                    request with
                    {
                        Alternatives = [.. request.Alternatives.Select((a, i) => a with { Taken = first == (i == 0) })],
                    },
                ],
            };
            await Written(writer, blueprint: Tasks.Renewal with { Scenario = scenario }).Make(0, journal: null, default);
            return writer.Asked[0].User;
        }

        (await Plan(true))
            .Should()
            .Be(await Plan(false))
            .And.Contain("if that is possible: wants to renew")
            .And.NotContain("March 3")
            .And.NotContain("reserved");
    }

    private static string Answer(string words) => Json.Map(("instruction", words)).ToString();

    private static WrittenBlueprints Written(Answering writer, bool keep = false, Blueprint? blueprint = null) =>
        new(new One(blueprint ?? Tasks.Renewal), writer, ShippedPrompts.Set, _ => TestPacks.Loans, "run", keep);

    private sealed class One(Blueprint blueprint) : IBlueprintSource
    {
        public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) => new(blueprint);
    }
}
