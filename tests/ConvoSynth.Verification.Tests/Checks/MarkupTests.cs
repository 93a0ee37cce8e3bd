using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Tests;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models.Speech;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary><c>format.markup</c>: text that neither party wrote.</summary>
public sealed class MarkupTests
{
    [Theory]
    [InlineData("Dune is renewed.<|im_end|>", "\"<|im_end|>\", a mark of the model's template")]
    [InlineData("Dune is renewed.\nUser: Thank you!", "\"User: Thank you!\", a turn of another speaker")]
    [InlineData("<tool_call>{}</tool_call>", "\"<tool_call>\", a tool call as text")]
    public void What_a_server_left_in_the_agents_text_is_the_endpoints_fault(string text, string evidence)
    {
        var verdicts = LoanTalks.New().Identified().Confirmed().Renewed().Agent(text).Stop().Done().Verdicts(Tasks.Renewal);

        verdicts.ShouldFail("format.markup", 9, Fault.Endpoint);
        verdicts.Single(v => v.Check == "markup").Evidence.Should().Contain(evidence);
        verdicts.Single(v => v.Check == "markup").Kind.Should().Be(CheckKind.Exact);
    }

    [Fact]
    public void It_is_the_same_in_the_humans_text_and_in_a_call()
    {
        LoanTalks
            .New()
            .Identified()
            .Human("Yes, please.</s>")
            .Agent("Hm.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.markup", 5, Fault.Endpoint);
        LoanTalks
            .New()
            .Human("Hi.")
            .Raw("find_member<|channel|>json", "{}", "Error: unknown tool find_member<|channel|>json")
            .Agent("Hm.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.markup", 1, Fault.Endpoint);
    }

    [Fact]
    public void A_dialogue_with_a_spoiled_turn_is_ended_at_once_at_the_endpoints_fault()
    {
        var (agent, human) = (Begun(), Begun());
        agent.AgentSaid(Candidates.Said("Which card?<|im_end|>"));
        human.AgentSaid(Candidates.Said("Which card?"));
        human.HumanSaid(Candidates.Said("20000001, Ames.<end_of_turn>"));

        foreach (var (session, at) in (ImmutableArray<(DialogueSession, int)>)[(agent, 1), (human, 2)])
        {
            var conversation = session.Finish();
            conversation.End.Should().Be(DialogueEnd.StoppedEarly);
            conversation.StopReason.Should().StartWith("format.markup: the message holds");
            var verdicts = conversation.Verdicts(Tasks.Renewal);
            verdicts.ShouldFail("format.markup", at, Fault.Endpoint);
            verdicts.ShouldFail("conversation.stopped", at, Fault.Endpoint);
            verdicts.Where(v => v.Outcome == Outcome.Fail).Should().OnlyContain(v => v.Fault == Fault.Endpoint);
        }
    }

    [Theory]
    [InlineData(Fault.Human, true, Consequence.Stand)]
    [InlineData(Fault.Human, false, Consequence.TryAgain)]
    [InlineData(Fault.Agent, true, Consequence.Stand)]
    [InlineData(Fault.Blueprint, true, Consequence.QuarantineFamily)]
    [InlineData(Fault.Environment, true, Consequence.StopDomain)]
    public void A_row_that_its_server_spoiled_is_not_tried_again_and_hides_nothing_deeper(
        Fault other,
        bool isSpoiled,
        Consequence consequence
    )
    {
        var spec = new RunSpec
        {
            RunId = "run",
            Domains = ["loans"],
            Count = 1,
            Seed = 1,
        };
        var conversation = LoanTalks.Clean().Done();
        Verdict Failed(Fault fault) =>
            new()
            {
                Stage = "test",
                Check = "x",
                Kind = CheckKind.Exact,
                Outcome = Outcome.Fail,
                Fault = fault,
            };
        var trajectory = new Trajectory
        {
            Id = "run/0/0",
            Index = 0,
            Attempt = 0,
            Blueprint = Tasks.Renewal,
            Conversation = conversation,
            Diff = StateDiff.Empty,
            Models = Json.Null,
            PromptHashes = "",
            Verdicts = isSpoiled ? [Failed(other), Failed(Fault.Endpoint)] : [Failed(other)],
        };

        Consequences.Of(spec, trajectory).Should().Be(consequence);
    }

    [RealDataFact]
    public void No_recorded_dialogue_holds_markup_or_a_mark_with_words_behind_it()
    {
        var found = new List<string>();
        foreach (var domain in (string[])["retail", "airline"])
        {
            var pack = PackLoading.Load(TestPacks.Shipped(domain), RealDataFactAttribute.PathTo(domain));
            var file = RealDataFactAttribute.PathTo(domain, "recorded.json");
            foreach (var dialogue in RecordedDialogues.Read(file, File.ReadAllBytes(file)).Dialogues)
            {
                foreach (var message in dialogue.Messages.Where(m => m.Role is MessageRole.User or MessageRole.Assistant))
                {
                    if (TemplateMarks.Find(message) is { } leak)
                        found.Add($"{domain} {dialogue.Id}: {leak}");
                }

                var end = dialogue.AsConversation(pack, "").End;
                if (end == DialogueEnd.HumanStop && DialogueSession.WithoutMark(dialogue.Messages[^1].Content!).Contains('#'))
                    found.Add($"{domain} {dialogue.Id}: {dialogue.Messages[^1].Content}");
                found.AddRange(
                    dialogue
                        .Messages.SkipLast(1)
                        .Where(m => m.Role == MessageRole.User && DialogueSession.WithoutMark(m.Content!) != m.Content)
                        .Select(m => $"{domain} {dialogue.Id}: {m.Content}")
                );
            }
        }

        found.Should().BeEmpty();
    }

    private static DialogueSession Begun()
    {
        var session = new DialogueSession(
            TestPacks.Loans,
            Tasks.Renewal,
            DialogueLimits.Default,
            earlyStop: EarlyStopChecks.Of(TestPacks.Loans)
        );
        session.HumanSaid(Candidates.Said("Hi, I would like to renew Dune for 2 weeks."));
        return session;
    }
}
