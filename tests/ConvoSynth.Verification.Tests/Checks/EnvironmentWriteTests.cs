using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary><c>environment.write</c>: defects of the pack are reported, and the dialogue stays as evidence.</summary>
public sealed class EnvironmentWriteTests
{
    [Fact]
    public void A_value_that_does_not_fit_is_the_environments_fault_and_names_pack_tool_field_and_value()
    {
        var verdicts = Of(t => t.Call("place_hold", ("title_id", "T501"), ("member_id", "M1"), ("until", "next Monday")));

        verdicts
            .Should()
            .ContainSingle(v => v.Stage == "environment")
            .Which.Should()
            .Match<Verdict>(v =>
                v.Check == "write"
                && v.Kind == CheckKind.Exact
                && v.Outcome == Outcome.Fail
                && v.Fault == Fault.Environment
                && v.Message == 1
                && v.Evidence!.StartsWith("the tool place_hold of the pack loans: writes \"next Monday\" to until of holds/")
            );
        verdicts.Should().NotContain(v => v.Stage == "replay" && v.Outcome == Outcome.Fail, "the same call gives the same error again");
    }

    [Fact]
    public void So_is_a_tool_that_breaks() =>
        Of(t => t.Call("send_back", ("loan_ids", Json.List("L1001")), ("branches", Json.List())))
            .Should()
            .ContainSingle(v => v.Stage == "environment")
            .Which.Evidence.Should()
            .Contain("send_back of the pack loans: throws IndexOutOfRangeException on ");

    [Fact]
    public void A_dialogue_in_which_nothing_of_the_kind_happens_has_no_such_verdict() =>
        Of(t => t.Call("get_loan", ("loan_id", "no such"))).Should().NotContain(v => v.Stage == "environment");

    private static ImmutableArray<Verdict> Of(Func<Talk, Talk> calls)
    {
        var pack = TestPacks.Loans;
        var conversation = calls(new Talk(pack).Human("Hello.")).Agent("It is done.").Stop().Done();
        return Verifier.Default(pack).Verify(pack, Tasks.Renewal, conversation).Verdicts;
    }
}
