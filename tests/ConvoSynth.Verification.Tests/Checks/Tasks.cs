using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Blueprints on the small pack.</summary>
internal static class Tasks
{
    public static readonly (string Tool, Json Arguments) FindAmes = ("find_member", Json.Map(("card_no", "20000001"), ("surname", "Ames")));
    public static readonly (string Tool, Json Arguments) RenewDune = ("renew_loan", Json.Map(("loan_id", "L1001"), ("weeks", 2)));

    /// <summary>Ames renews Dune for two weeks. The human knows card, surname, title and weeks, and never says the PIN.</summary>
    public static Blueprint Renewal => Of(FindAmes, RenewDune);

    /// <summary>A blueprint with these calls as gold, executed on a fresh environment.</summary>
    public static Blueprint Of(params (string Tool, Json Arguments)[] gold)
    {
        var pack = TestPacks.Loans;
        var environment = new DialogueEnvironment(pack);
        var actions = gold.Select(g => new GoldAction
            {
                Tool = g.Tool,
                Arguments = g.Arguments,
                Writes = pack.Tools.Find(g.Tool)!.Writes,
                Observation = environment.Call(g.Tool, g.Arguments).Text,
            })
            .ToImmutableArray();
        return new()
        {
            Id = "loans/1/0",
            Domain = "loans",
            PackHash = pack.Hash,
            Index = 0,
            Seed = "1",
            Intent = "renew",
            Shape = "plain",
            FamilyId = "f",
            Persona = pack.Personas[0],
            Scenario = new()
            {
                Reason = "you are still reading",
                Facts =
                [
                    new("member.card_no", "20000001", "id", "card number", "20000001", Disclosure.WhenAsked),
                    new("member.surname", "Ames", "name", "surname", "Ames", Disclosure.WhenAsked),
                    new("a.title", "Dune", "text", "title", "Dune", Disclosure.Volunteer),
                    new("1.weeks", 2, "count", "weeks", "2 weeks", Disclosure.Volunteer),
                    new("member.pin", "7720000001", "id", "PIN", "7720000001", Disclosure.Never),
                ],
                Requests =
                [
                    new()
                    {
                        Kind = RequestKind.Do,
                        Tool = "renew_loan",
                        Words = "renew \"Dune\" for 2 weeks",
                        Brief = "renew a loan",
                    },
                ],
                StopWhen = "the loan is renewed",
            },
            Instruction = "You are Ames. You want to renew Dune for 2 weeks.",
            Actions = actions,
            AcceptedEndStates =
            [
                new(
                    "gold",
                    pack.Canon.Canonical(environment.Diff()),
                    [
                        .. actions
                            .Where(a => a.Writes && !a.Observation.StartsWith("Error", StringComparison.Ordinal))
                            .Select(a => new PlannedWrite(a.Tool, a.Arguments)),
                    ]
                ),
            ],
            AvailableTools = [.. pack.Tools.All.Select(t => t.Name)],
        };
    }

    public static Blueprint Expecting(this Blueprint blueprint, string type, Json value, int groundedBy) =>
        blueprint with
        {
            Outputs = [new("answer", type, value, [value], groundedBy, "the answer")],
        };
}

/// <summary>The verdicts of the checks on a conversation.</summary>
internal static class Verifying
{
    private static readonly Lazy<Verifier> OfLoans = new(() => Verifier.Default(TestPacks.Loans));

    public static ImmutableArray<Verdict> Verdicts(this Conversation conversation, Blueprint blueprint) =>
        OfLoans.Value.Verify(TestPacks.Loans, blueprint, conversation).Verdicts;

    public static IEnumerable<string> Rejections(this IEnumerable<Verdict> verdicts) =>
        verdicts.Where(v => v.Rejects).Select(v => v.Reason).Distinct(StringComparer.Ordinal);

    /// <summary>Asserts that the check failed, points at this message and blames this party.</summary>
    public static void ShouldFail(this IEnumerable<Verdict> verdicts, string check, int? at, Fault fault = Fault.Agent)
    {
        var failed = verdicts.Where(v => v.Outcome == Outcome.Fail).ToArray();
        failed
            .Should()
            .Contain(
                v => v.Reason == check && v.Message == at && v.Fault == fault && !string.IsNullOrWhiteSpace(v.Evidence),
                "{0} was planted in message {1}; found: {2}",
                check,
                at,
                string.Join(" | ", failed.Select(f => $"{f.Reason} #{f.Message} {f.Fault} {f.Evidence}"))
            );
    }

    public static void ShouldPass(this IEnumerable<Verdict> verdicts, string check) =>
        verdicts.Where(v => v.Reason == check).Select(v => (v.Outcome, v.Evidence)).Should().Equal((Outcome.Pass, (string?)null));
}
