using System.Text.RegularExpressions;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Rehearsal.Tests;

public sealed partial class GoldDialogueTests
{
    private const int Seeds = 40;

    private static async Task<List<Played>> PlayAll(Func<Blueprint, bool>? which = null)
    {
        var played = new List<Played>();
        foreach (var task in LoanTasks.All.Where(which ?? (_ => true)))
        {
            for (var seed = 0; seed < Seeds; seed++)
                played.Add(
                    await Playing.Play(
                        LoanTasks.Pack,
                        task.With(LoanTasks.Pack.Personas[seed % LoanTasks.Pack.Personas.Count]),
                        (ulong)seed
                    )
                );
        }

        return played;
    }

    [Fact]
    public async Task A_dialogue_without_a_fault_reaches_the_gold_state_and_ends_with_the_human_s_stop()
    {
        foreach (var played in await PlayAll())
        {
            played.Diff.Should().Be(played.Blueprint.AcceptedEndStates[0].Diff, played.ToString());
            played.End.Should().Be(DialogueEnd.HumanStop);
            played.PlantedFault.Should().BeNull();
            played
                .Messages.Where(m => m.Role == MessageRole.Tool)
                .Should()
                .NotContain(m => m.Content!.StartsWith("Error:", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_agent_makes_the_gold_calls_each_once()
    {
        foreach (var played in await PlayAll())
        {
            played
                .Messages.SelectMany(m => m.ToolCalls)
                .Select(c => $"{c.Name} {c.Arguments}")
                .Should()
                .BeEquivalentTo(played.Blueprint.Actions.Select(a => $"{a.Tool} {a.Arguments}"));
        }
    }

    [Fact]
    public async Task No_message_holds_what_a_server_might_have_left_of_its_template()
    {
        (await PlayAll())
            .SelectMany(p => p.Messages)
            .Where(m => m.Role != MessageRole.Tool)
            .Select(m => TemplateMarks.Find(m)?.ToString())
            .Should()
            .OnlyContain(l => l == null);
    }

    [Fact]
    public async Task The_human_says_every_fact_that_may_be_said_and_none_that_may_not()
    {
        foreach (var played in await PlayAll())
        {
            foreach (var fact in played.Blueprint.Scenario.Facts)
            {
                var said = FieldValues.Says(played.HumanText, fact.Type, fact.Value);
                said.Should().Be(fact.Disclosure != Disclosure.Never, $"of {fact.Slot} in\n{played}");
            }

            played.AgentText.Should().NotContain("hush-4711");
        }
    }

    [Fact]
    public async Task A_fact_that_is_kept_until_asked_is_not_in_the_opening()
    {
        foreach (var played in await PlayAll(b => b.Id == "renew-asked-for"))
        {
            var asked = played.Messages.TakeWhile(m =>
                m.Role != MessageRole.Assistant || m.Content is null || !m.Content.Contains("title", StringComparison.Ordinal)
            );
            string.Join("\n", asked.Where(m => m.Role == MessageRole.User).Select(m => m.Content))
                .Should()
                .NotContain("Dune", played.ToString())
                .And.NotContain("2 weeks");
        }
    }

    [Fact]
    public async Task Identity_is_proved_before_any_other_call()
    {
        foreach (var played in await PlayAll())
            played.Messages.SelectMany(m => m.ToolCalls).First().Name.Should().Be("find_member");
    }

    [Fact]
    public async Task Before_each_write_the_details_were_stated_and_a_yes_given_and_after_it_the_result_is_reported()
    {
        foreach (var played in await PlayAll())
        {
            var messages = played.Messages;
            foreach (var request in played.Blueprint.Scenario.Requests.Where(r => r.Kind == RequestKind.Do))
            {
                var write = played.Blueprint.Actions[request.FirstAction + request.ActionCount - 1].Arguments.ToString();
                var at = messages.ToList().FindIndex(m => m.ToolCalls.Any(c => c.Arguments == write));
                var yes = messages.Take(at).Last(m => m.Role == MessageRole.User).Content!;
                Agreement().IsMatch(yes).Should().BeTrue($"\"{yes}\" should agree\n{played}");
                var stated = messages.Take(at).Last(m => m is { Role: MessageRole.Assistant, Content: not null }).Content!;
                foreach (var detail in request.Confirm)
                    stated.Should().ContainEquivalentOf(detail, played.ToString());
                var report = messages.Skip(at).First(m => m is { Role: MessageRole.Assistant, Content: not null }).Content!;
                request.Done.Should().Contain(d => report.Contains(d, StringComparison.OrdinalIgnoreCase), report);
            }
        }
    }

    [Fact]
    public async Task A_forbidden_wish_is_refused_with_its_reason_after_the_read_that_shows_it()
    {
        foreach (var played in await PlayAll(b => b.Refusals.Length > 0))
        {
            var read = played.Messages.ToList().FindIndex(m => m.ToolCalls.Any(c => c.Name == "get_loans"));
            var refusal = played.Messages.Skip(read).First(m => m is { Role: MessageRole.Assistant, Content: not null }).Content!;
            played
                .Blueprint.Scenario.Requests[0]
                .Because.Should()
                .Contain(b => refusal.Contains(b, StringComparison.OrdinalIgnoreCase), refusal);
        }
    }

    [Fact]
    public async Task A_second_choice_is_taken_after_the_first_was_refused_with_its_reason()
    {
        foreach (var played in await PlayAll(b => b.Id == "renew-or-other"))
        {
            played.HumanText.Should().Contain("Solaris").And.Contain("Emma");
            played.AgentText.Should().MatchRegex("Solaris");
            LoanTasks
                .RenewOther.Scenario.Requests[0]
                .Because.Should()
                .Contain(b => played.AgentText.Contains(b, StringComparison.OrdinalIgnoreCase));
            played.AgentText.Should().Contain("March 2, 2031");
        }
    }

    [Fact]
    public async Task One_yes_sometimes_covers_two_listed_writes_and_sometimes_each_has_its_own()
    {
        var yeses = (await PlayAll(b => b.Id == "renew-both"))
            .Select(p =>
            {
                var calls = p
                    .Messages.Select((m, i) => (m, i))
                    .Where(x => x.m.ToolCalls.Any(c => c.Name == "renew_loan"))
                    .Select(x => x.i)
                    .ToArray();
                return p.Messages.Skip(calls[0]).Take(calls[1] - calls[0]).Any(m => m.Role == MessageRole.User);
            })
            .ToArray();
        yeses.Should().Contain(true).And.Contain(false);
    }

    [Fact]
    public async Task The_human_sees_no_tool_name_and_no_template_is_left_unfilled()
    {
        foreach (var played in await PlayAll())
        {
            var texts = played.HumanText + played.AgentText;
            foreach (var tool in LoanTasks.Pack.Tools.All)
                texts.Should().NotContain(tool.Name);
            texts.Should().NotContainAny("{", "}", "..", "  ", " .", " ?", "??", ".?", "?.", "::");
        }
    }

    [Fact]
    public async Task A_dialogue_is_a_function_of_its_seed()
    {
        foreach (var task in LoanTasks.All)
        {
            var first = await Playing.Play(LoanTasks.Pack, task, 7, new() { FaultRate = 0.5 });
            var again = await Playing.Play(LoanTasks.Pack, task, 7, new() { FaultRate = 0.5 });
            again.ToString().Should().Be(first.ToString());
            (await Playing.Play(LoanTasks.Pack, task, 8)).ToString().Should().NotBe(first.ToString());
        }
    }

    [Fact]
    public async Task Two_hundred_seeds_open_in_many_different_ways()
    {
        var openings = new HashSet<string>(StringComparer.Ordinal);
        for (ulong seed = 0; seed < 200; seed++)
            openings.Add((await Playing.Play(LoanTasks.Pack, LoanTasks.Renew, seed)).Messages[0].Content!);
        openings.Count.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task Calls_stand_alone_and_carry_nine_letter_ids_that_are_unique()
    {
        foreach (var played in await PlayAll())
        {
            var calls = played.Messages.Where(m => !m.ToolCalls.IsEmpty).ToArray();
            calls.Should().OnlyContain(m => m.ToolCalls.Length == 1 && m.Content == null);
            calls.Select(m => m.ToolCalls[0].Id).Should().OnlyHaveUniqueItems().And.OnlyContain(id => CallId().IsMatch(id));
        }
    }

    [GeneratedRegex("^call[0-9]{5}$")]
    private static partial Regex CallId();

    [GeneratedRegex(@"\b(yes|yep)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Agreement();
}
