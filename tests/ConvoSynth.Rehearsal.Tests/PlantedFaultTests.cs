using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Tests;

public sealed class PlantedFaultTests
{
    public static TheoryData<string> Kinds => [.. FaultKinds.OfRoles.Except(FaultKinds.OfSlices).Except(FaultKinds.OfThoughts)];

    private static async Task<List<Played>> Plant(string kind)
    {
        var planted = new List<Played>();
        foreach (var task in LoanTasks.All)
        {
            for (ulong seed = 0; seed < 12; seed++)
            {
                if (FaultBlueprints.For(kind, LoanTasks.Pack, task, new(seed)) is not { } blueprint)
                    continue;
                var played = await Playing.Play(LoanTasks.Pack, blueprint, seed, new() { FaultRate = 1, FaultKinds = [kind] });
                if (played.PlantedFault is not null)
                    planted.Add(played);
            }
        }

        return planted;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_is_planted_and_labelled_on_a_message_of_whoever_makes_it(string kind)
    {
        var planted = await Plant(kind);
        planted.Should().NotBeEmpty();
        foreach (var played in planted)
        {
            played.PlantedFault.Should().Be(kind);
            var by = FaultTable.Of(kind).Fault;
            if (by != Fault.None)
                played
                    .Messages[played.FaultAt]
                    .Role.Should()
                    .Be(by == Fault.Human ? MessageRole.User : MessageRole.Assistant, played.ToString());
            played.End.Should().Be(DialogueEnd.HumanStop, played.ToString());
            played.Messages.SelectMany(m => m.Content ?? "").Should().NotContain(c => char.IsControl(c) && c != '\n', played.ToString());
        }
    }

    [Fact]
    public void Each_kind_has_one_rule_in_the_table_and_some_check_that_must_catch_it()
    {
        FaultTable.Rules.Select(r => r.Kind).Should().Equal(FaultKinds.All);
        FaultTable.Rules.Should().OnlyContain(r => !r.Checks.IsEmpty && r.Needs.Length > 0);
        FluentActions.Invoking(() => FaultTable.Of("typo")).Should().Throw<ArgumentException>().WithMessage("*typo*wrong-argument*");
    }

    [Fact]
    public async Task A_write_before_the_yes_may_be_of_any_request()
    {
        var requests = (await Plant(FaultKinds.WriteBeforeYes))
            .Where(p => p.Blueprint.Id == LoanTasks.RenewBoth.Id)
            .Select(p => p.Messages[p.FaultAt].ToolCalls[0].Arguments)
            .Distinct(StringComparer.Ordinal);
        requests.Should().HaveCount(2, "both of the two renewals are drawn");
    }

    [Theory]
    [InlineData(FaultKinds.WrongArgument)]
    [InlineData(FaultKinds.MissingWrite)]
    [InlineData(FaultKinds.ExtraWrite)]
    [InlineData(FaultKinds.ForbiddenWrite)]
    [InlineData(FaultKinds.NeedlessRefusal)]
    public async Task Kinds_that_change_the_state_leave_one_that_nobody_accepts(string kind)
    {
        foreach (var played in await Plant(kind))
            played.Blueprint.AcceptedEndStates.Select(s => s.Diff).Should().NotContain(played.Diff, played.ToString());
    }

    [Theory]
    [InlineData(FaultKinds.MalformedArguments)]
    [InlineData(FaultKinds.UnknownTool)]
    public async Task A_broken_call_fails_and_is_not_made_again(string kind)
    {
        foreach (var played in await Plant(kind))
        {
            played.Messages[played.FaultAt + 1].Content.Should().StartWith("Error: ");
            var gold = played.Blueprint.Actions.Select(a => $"{a.Tool} {a.Arguments}");
            var made = played.Messages.SelectMany(m => m.ToolCalls).Select(c => $"{c.Name} {c.Arguments}");
            gold.Except(made, StringComparer.Ordinal).Should().HaveCount(1, played.ToString());
        }
    }

    [Fact]
    public async Task A_write_before_the_yes_has_no_word_of_the_human_after_the_reads()
    {
        foreach (var played in await Plant(FaultKinds.WriteBeforeYes))
        {
            played.Messages[played.FaultAt].ToolCalls[0].Name.Should().BeOneOf("renew_loan", "place_hold");
            played.Messages[played.FaultAt + 1].Content.Should().NotStartWith("Error");
            played.Messages[played.FaultAt - 1].Role.Should().NotBe(MessageRole.Assistant);
            var before = played
                .Messages.Take(played.FaultAt)
                .Last(m => m.Role == MessageRole.Assistant && m.Content is not null || m.Role == MessageRole.User);
            foreach (
                var detail in played
                    .Blueprint.Scenario.Requests.SelectMany(r => r.Confirm)
                    .Where(d => d.StartsWith("weeks", StringComparison.Ordinal))
            )
                played
                    .Messages.Take(played.FaultAt)
                    .Where(m => m.Role == MessageRole.Assistant)
                    .Should()
                    .NotContain(m => m.Content != null && played.Blueprint.Scenario.Requests.Length == 1 && m.Content.Contains(detail));
            before.Should().NotBeNull();
        }
    }

    [Fact]
    public async Task Data_before_identity_is_read_before_the_proof_and_succeeds()
    {
        foreach (var played in await Plant(FaultKinds.DataBeforeIdentity))
        {
            var calls = played.Messages.SelectMany(m => m.ToolCalls).Select(c => c.Name).ToArray();
            calls[0].Should().BeOneOf("get_loans", "get_loan", "get_holds");
            calls.Should().Contain("find_member");
            played.Messages[played.FaultAt + 1].Content.Should().NotStartWith("Error");
        }
    }

    [Fact]
    public async Task A_write_that_is_undone_shows_in_the_number_of_writes_that_succeeded()
    {
        foreach (var played in await Plant(FaultKinds.WriteThenUndo))
        {
            var writes = played
                .Messages.Where(
                    (m, i) =>
                        m.ToolCalls.Any(c => LoanTasks.Pack.Tools.Find(c.Name)!.Writes)
                        && !played.Messages[i + 1].Content!.StartsWith("Error", StringComparison.Ordinal)
                )
                .Count();
            writes.Should().BeGreaterThan(played.Blueprint.Actions.Count(a => a.Writes), played.ToString());
        }
    }

    [Fact]
    public async Task A_write_that_the_tool_itself_forbids_is_no_forbidden_write()
    {
        for (ulong seed = 0; seed < 20; seed++)
            (await Playing.Play(LoanTasks.Pack, LoanTasks.Fined, seed, new() { FaultRate = 1, FaultKinds = [FaultKinds.ForbiddenWrite] }))
                .PlantedFault.Should()
                .BeNull();
    }

    [Fact]
    public async Task At_rate_one_every_blueprint_gets_a_fault_of_some_kind_and_all_kinds_that_fit_come_up()
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var task in LoanTasks.All)
        {
            for (ulong seed = 0; seed < 120; seed++)
            {
                var played = await Playing.Play(LoanTasks.Pack, task, seed, new() { FaultRate = 1 });
                played.PlantedFault.Should().NotBeNull($"{task.Id} with seed {seed}");
                kinds.Add(played.PlantedFault!);
            }
        }

        // These tasks offer all tools, so that kind cannot occur.
        kinds.Should().BeEquivalentTo(FaultKinds.Drawn.Remove(FaultKinds.ToolNotOffered));
    }

    [Fact]
    public async Task The_share_of_faulty_dialogues_follows_the_rate()
    {
        var faulty = 0;
        for (ulong seed = 0; seed < 400; seed++)
            faulty += (
                await Playing.Play(LoanTasks.Pack, LoanTasks.Renew, new Seed(seed).For("rate").Value, new() { FaultRate = 0.25 })
            ).PlantedFault
                is null
                ? 0
                : 1;
        faulty.Should().BeInRange(65, 135);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        FluentActions
            .Invoking(() => new RehearsalOptions { FaultRate = 1.5 })
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithMessage("*FaultRate*0 to 1*");
        FluentActions
            .Invoking(() => new RehearsalOptions { FaultKinds = ["typo"] })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*typo*wrong-argument*");
        FluentActions.Invoking(() => new RehearsalOptions { FaultKinds = [] }).Should().Throw<ArgumentException>();
        FluentActions
            .Invoking(() => new RehearsalOptions { Latency = TimeSpan.FromSeconds(-1) })
            .Should()
            .Throw<ArgumentOutOfRangeException>();
        FluentActions
            .Invoking(() => new RehearsalOptions { FaultKinds = [FaultKinds.TamperedObservation] })
            .Should()
            .Throw<ArgumentException>("no role can tamper with an observation");
        new RehearsalOptions().FaultKinds.Should().Equal(FaultKinds.Drawn).And.NotContain(FaultKinds.NeedlessRead, "it rejects nothing");
    }
}
