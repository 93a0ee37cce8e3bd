using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Planted faults before the checks, and the counts of an audit.</summary>
public sealed class FaultAuditTests
{
    private static readonly Pack Pack = LoanTasks.Pack;
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(RepositoryRoot.At("blueprints", "airline")));

    private static Pack Shipped => Airline.Value;

    // No write of the loans pack takes an enum as an argument.
    public static TheoryData<string> Kinds => [.. FaultKinds.OfTask(slice: null).Remove(FaultKinds.MisreportedWrite)];

    public static TheoryData<string> MadeByEdits => [.. FaultKinds.All.Where(k => ConversationFaults.WhyNot(k) is null)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_planted_fault_is_rejected_by_a_check_that_must_catch_it(string kind)
    {
        var result = await Audit(kind, Verifier.Default(Pack), 12);
        result.Planted.Should().Be(12);
        result.Caught.Should().Be(12, string.Join("\n\n", result.Missed.Select(Text)));
    }

    [Theory]
    [InlineData(FaultKinds.TamperedObservation)]
    [InlineData(FaultKinds.ContradictedWrite)]
    [InlineData(FaultKinds.LeakedMarkup)]
    public async Task A_kind_that_only_an_edit_makes_is_missed_without_its_check(string kind)
    {
        var result = await Audit(kind, Without(FaultTable.Of(kind).Checks), 5);
        result.Planted.Should().Be(5);
        result.Caught.Should().Be(0);
    }

    [Fact]
    public async Task A_misreported_write_is_caught_by_its_check_alone()
    {
        var rule = FaultTable.Of(FaultKinds.MisreportedWrite);
        var sampler = new BlueprintSampler(Shipped);
        foreach (var (verifier, caught) in ((Verifier, int)[])[(Verifier.Default(Shipped), 5), (Without(rule.Checks, Shipped), 0)])
        {
            var result = await KindAudit.Run(
                new(rule.Kind, rule.Checks, rule.Fault),
                verifier,
                5,
                400,
                async (i, _) => await Play(Shipped, rule.Kind, sampler.Sample(new Seed(5), i), i),
                rule.Needs,
                CancellationToken.None
            );
            result.Planted.Should().Be(5);
            result.Caught.Should().Be(caught, string.Join("\n\n", result.Missed.Select(Text)));
        }
    }

    [Fact]
    public async Task A_needless_read_is_caught_only_at_its_own_message()
    {
        var rule = FaultTable.Of(FaultKinds.NeedlessRead);
        var result = await KindAudit.Run(
            new(rule.Kind, rule.Checks, rule.Fault),
            Verifier.Default(Pack),
            5,
            400,
            async (i, _) => await Play(rule.Kind, Task(i), i) is { } planted ? planted with { Needless = planted.Needless - 2 } : null,
            rule.Needs,
            CancellationToken.None
        );
        result.Planted.Should().Be(5);
        result.Caught.Should().Be(0, "the read before it is needed");
        result.Rejected.Should().Be(0);
    }

    [Fact]
    public async Task Clean_dialogues_are_neither_rejected_nor_left_undecided()
    {
        var result = await CleanAudit.Run(
            Verifier.Default(Pack),
            0,
            200,
            async (i, _) => await Play(null, Task(i), i),
            CancellationToken.None
        );
        result.Dialogues.Should().Be(200);
        result.Examples.Should().BeEmpty();
        (result.Rejected + result.Undecided).Should().Be(0);
    }

    [Fact]
    public async Task A_fault_that_no_check_sees_is_a_shortfall()
    {
        var blind = new Verifier([new SeesOnly("format")]);
        var kinds = ImmutableArray.Create(
            await Audit(FaultKinds.WrongArgument, blind, 5),
            await Audit(FaultKinds.UnknownTool, Verifier.Default(Pack), 5)
        );
        kinds[0].Caught.Should().Be(0);
        kinds[0].Missed.Should().HaveCount(5);
        new AuditReport("rehearsal", "loans", kinds, CleanResult.None)
            .Shortfalls()
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("wrong-argument: 0 of 5 caught by outcome.end-state or outcome.writes");
    }

    [Fact]
    public async Task A_rejection_by_another_check_than_the_declared_ones_is_no_catch()
    {
        var result = await Audit(FaultKinds.WrongArgument, new Verifier([new Rejects("format", Outcome.Fail)]), 4);
        result.Rejected.Should().Be(4);
        result.Caught.Should().Be(0);
        result.By.Should().ContainKey("format.any").WhoseValue.Should().Be(4);
    }

    [Fact]
    public async Task Clean_dialogues_that_are_rejected_are_a_shortfall_and_undecided_ones_are_told_apart()
    {
        var failing = await CleanAudit.Run(
            new([new Rejects("claims", Outcome.Fail)]),
            0,
            3,
            async (i, _) => await Play(null, Task(i), i),
            CancellationToken.None
        );
        failing.Should().Match<CleanResult>(c => c.Rejected == 3 && c.Undecided == 0);
        new AuditReport("rehearsal", "loans", [], failing)
            .Shortfalls()
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("3 of 3 wrongly rejected");
        var unsure = await CleanAudit.Run(
            new([new Rejects("claims", Outcome.Unsure)]),
            0,
            3,
            async (i, _) => await Play(null, Task(i), i),
            CancellationToken.None
        );
        unsure.Should().Match<CleanResult>(c => c.Rejected == 0 && c.Undecided == 3);
        new AuditReport("rehearsal", "loans", [], unsure).Shortfalls().Should().BeEmpty();
    }

    [Fact]
    public async Task A_kind_that_is_never_possible_says_what_the_dialogues_lack()
    {
        var rule = FaultTable.Of(FaultKinds.ForbiddenWrite);
        var result = await KindAudit.Run(
            new(rule.Kind, rule.Checks, rule.Fault),
            Verifier.Default(Pack),
            3,
            8,
            async (i, _) => await Play(rule.Kind, LoanTasks.Renew, i),
            rule.Needs,
            CancellationToken.None
        );
        result.Planted.Should().Be(0);
        result.Why.Should().Be("none of 8 dialogues has a write that policy forbids and the tool allows");
        new AuditReport("rehearsal", "loans", [result], CleanResult.None).Shortfalls().Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(MadeByEdits))]
    public async Task An_edit_of_a_finished_dialogue_plants_the_same_kinds_and_keeps_messages_and_meta_side_by_side(string kind)
    {
        var planted = 0;
        for (var i = 0; i < 64; i++)
        {
            var clean = (await Play(null, Task(i), i))!;
            if (ConversationFaults.Plant(kind, Pack, clean.Blueprint, clean.Conversation, new Seed((ulong)i)) is not { } edit)
                continue;
            planted++;
            edit.Conversation.Meta.Should().HaveCount(edit.Conversation.Messages.Length);
            edit.Conversation.Messages.Should().NotEqual(clean.Conversation.Messages);
            ConversationFaults
                .Plant(kind, Pack, clean.Blueprint, clean.Conversation, new Seed((ulong)i))!
                .Conversation.Messages.Select(m => $"{m}{string.Concat(m.ToolCalls)}")
                .Should()
                .Equal(edit.Conversation.Messages.Select(m => $"{m}{string.Concat(m.ToolCalls)}"), "one seed, one edit");
        }

        // These tasks are answered with dates, but edits find only numbers in the free words of real models. And no write reverts a
        // renewal.
        if (
            kind
            is not (
                FaultKinds.WriteThenUndo
                or FaultKinds.OutputNotSaid
                or FaultKinds.SaidThenContradicted
                or FaultKinds.ShotgunAnswer
                or FaultKinds.WrongAmount
            )
        )
            planted.Should().BePositive();
    }

    [Fact]
    public async Task A_random_edit_changes_the_conversation_and_tells_what_it_changed()
    {
        foreach (var kind in RandomEdits.Kinds)
        {
            var made = 0;
            for (var i = 0; i < 40; i++)
            {
                var clean = (await Play(null, Task(i), i))!;
                if (RandomEdits.Make(kind, Pack, clean.Blueprint, clean.Conversation, new Seed((ulong)i).Random()) is not { } mutant)
                    continue;
                made++;
                mutant.Kind.Should().Be(kind);
                mutant.What.Should().StartWith("message");
                mutant.Conversation.Messages.Should().NotEqual(clean.Conversation.Messages);
            }

            made.Should().BePositive("the edit {0} fits somewhere", kind);
        }
    }

    private static Task<KindResult> Audit(string kind, Verifier verifier, int count)
    {
        var rule = FaultTable.Of(kind);
        return KindAudit.Run(
            new(rule.Kind, rule.Checks, rule.Fault),
            verifier,
            count,
            1_000,
            async (i, _) => await Play(kind, Task(i), i),
            rule.Needs,
            CancellationToken.None
        );
    }

    private static Blueprint Task(long index) => LoanTasks.All[(int)(index % LoanTasks.All.Length)];

    private static Task<AuditedDialogue?> Play(string? kind, Blueprint task, long index) => Play(Pack, kind, task, index);

    private static async Task<AuditedDialogue?> Play(Pack pack, string? kind, Blueprint task, long index)
    {
        var blueprint = kind is null ? task : FaultBlueprints.For(kind, pack, task, new Seed((ulong)index));
        if (blueprint is null)
            return null;
        var isOfRoles = kind is not null && FaultKinds.OfRoles.Contains(kind, StringComparer.Ordinal);
        var model = new RehearsalModel(_ => pack, isOfRoles ? new() { FaultRate = 1, FaultKinds = [kind!] } : new());
        var setup = new RunSetup
        {
            Spec = new()
            {
                RunId = "audit",
                Domains = [pack.Name],
                Count = 1,
                Seed = 5,
                Model = "rehearsal",
            },
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [pack.Name] = pack },
            Human = model,
            Agent = model,
            Blueprints = null!,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
        };
        var session = await DialogueRunner.Play(setup, index, 0, blueprint, CancellationToken.None);
        if (isOfRoles)
            return session.PlantedFault is null
                ? null
                : new($"{index}", pack, blueprint, session.Finish())
                {
                    Needless = kind == FaultKinds.NeedlessRead ? session.FaultMessage : null,
                };
        if (kind is null)
            return new($"{index}", pack, blueprint, session.Finish());
        return ConversationFaults.Plant(kind, pack, blueprint, session.Finish(), new Seed((ulong)index)) is { } edit
            ? new($"{index}", pack, edit.Blueprint, edit.Conversation) { Needless = edit.At }
            : null;
    }

    private static string Text(AuditedDialogue dialogue) =>
        $"{dialogue.Blueprint.Id} {dialogue.Id}\n{string.Join("\n", dialogue.Conversation.Messages.Select(Text))}";

    private static string Text(Message message) =>
        $"  {message.Role}: {message.Content}{string.Concat(message.ToolCalls.Select(c => $" → {c.Name} {c.Arguments}"))}";

    private static Verifier Without(ImmutableArray<string> checks, Pack? pack = null) => new([new Blind(checks, pack ?? Pack)]);

    // Hides these checks.
    private sealed class Blind(ImmutableArray<string> checks, Pack pack) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts) =>
            verdicts.AddRange(
                Verifier.Default(pack).Verify(trace).Verdicts.Where(v => !checks.Contains($"{v.Stage}.{v.Check}", StringComparer.Ordinal))
            );
    }

    // Hides all other checks.
    private sealed class SeesOnly(string stage) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
        {
            var all = Verifier.Default(trace.Pack).Verify(trace).Verdicts;
            verdicts.AddRange(all.Where(v => v.Stage == stage));
        }
    }

    private sealed class Rejects(string stage, Outcome outcome) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts) =>
            verdicts.Add(
                new()
                {
                    Stage = stage,
                    Check = "any",
                    Kind = CheckKind.Exact,
                    Outcome = outcome,
                    Fault = Fault.Agent,
                }
            );
    }
}
