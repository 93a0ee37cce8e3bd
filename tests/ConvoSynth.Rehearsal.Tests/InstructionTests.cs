using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Tests;

public sealed class InstructionTests
{
    [Fact]
    public void An_instruction_holds_every_fact_as_said_every_branch_and_no_hidden_value()
    {
        foreach (var task in LoanTasks.All)
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                var text = InstructionWriter.Write(task.Scenario, task.Persona, new(seed));
                foreach (var fact in task.Scenario.Facts)
                {
                    if (fact.Disclosure == Disclosure.Never)
                        text.Should().NotContain(fact.Said);
                    else
                        text.Should().Contain(fact.Said);
                }

                foreach (var branch in task.Scenario.Requests.SelectMany(r => r.Alternatives))
                    text.Should().ContainEquivalentOf(branch.When).And.Contain(branch.Words);
                text.Should().Contain("loan number").And.Contain("You");
                foreach (var tool in LoanTasks.Pack.Tools.All)
                    text.Should().NotContain(tool.Name);
            }
        }
    }

    [Fact]
    public void Instructions_of_different_seeds_differ() =>
        Enumerable
            .Range(0, 50)
            .Select(s => InstructionWriter.Write(LoanTasks.Renew.Scenario, LoanTasks.Renew.Persona, new((ulong)s)))
            .Distinct(StringComparer.Ordinal)
            .Count()
            .Should()
            .BeGreaterThan(30);

    [Theory]
    [InlineData("you are moving house", "I'm moving house")]
    [InlineData("your order has not arrived", "my order has not arrived")]
    [InlineData("somebody charged you twice", "somebody charged me twice")]
    [InlineData("you want what you ordered", "I want what I ordered")]
    [InlineData("renew \"As you like it\" for you", "renew \"As you like it\" for me")]
    [InlineData("the delay makes you miss what you were going to", "the delay makes me miss what I was going to")]
    [InlineData("work keeps you away, and you want to cancel", "work keeps me away, and I want to cancel")]
    public void A_clause_turns_into_the_first_person(string second, string first) => Perspective.First(second).Should().Be(first);

    [Theory]
    [InlineData("change my address", "change your address")]
    [InlineData("send it to me", "send it to you")]
    [InlineData("renew \"My Family\" for 2 weeks", "renew \"My Family\" for 2 weeks")]
    [InlineData("Henry IV, Part I", "Henry IV, Part I")]
    public void A_clause_turns_into_the_second_person(string first, string second) => Perspective.Second(first).Should().Be(second);
}
