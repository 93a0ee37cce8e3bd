using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Environments;

/// <summary>Values that tools write fit the declared fields, and an exception in a pack does not end a dialogue.</summary>
public sealed class WrittenValuesTests
{
    private const string Before = "if (weeks > 3) throw";

    [Theory]
    [InlineData("due", "\"next Monday\"", "which is no date such as 2031-03-04")]
    [InlineData("due", "20310304", "which is no date such as 2031-03-04")]
    [InlineData("renewals", "\"two\"", "which is no number (type count)")]
    [InlineData("renewals", "1.5", "which is no whole number (type count)")]
    [InlineData("renewals", "9", "which is not within 0..5")]
    [InlineData("reserved", "\"yes\"", "which is not true or false (type flag)")]
    [InlineData("member_id", "\"M9999x\"", "which is the key of no member")]
    [InlineData("loan_id", "7", "which is no text (type id)")]
    [InlineData("title", "\"salt\"", "which has not the format [A-Z].*")]
    [InlineData("kind", "\"Book\"", "which is none of book, film")]
    [InlineData("weight", "\"1.5\"", "which is no number (type decimal)")]
    public void A_value_that_does_not_fit_its_field_is_an_error_and_changes_nothing(string field, string value, string reason)
    {
        using var pack = new TinyPack()
            .With(
                "domain.yaml",
                "renewals: count",
                "renewals: { type: count, range: 0..5 }, kind: { type: enum, values: [book, film] }, weight: decimal"
            )
            .With("domain.yaml", "title: { type: text, human: knows }", "title: { type: text, human: knows, format: \"[A-Z].*\" }")
            .With("data.yaml", "  reserved: 20%", "  reserved: 20%\n  kind: pick(book|film)\n  weight: \"decimal(0.1..2, step=0.05)\"")
            .With(
                "Tools.cs",
                Before,
                $"if (weeks == 3) return db[\"loans\"].Change(loanId, l => l.Set(\"renewals\", 1).Set(\"{field}\", "
                    + $"{value}));\n        {Before}"
            );
        var (environment, loan) = Begun(pack);

        var result = environment.Call("renew_loan", $$"""{"loan_id":"{{loan}}","weeks":3}""");

        (result.IsError, result.Text).Should().Be((true, $"Error: {field} cannot be {value}, {reason}"));
        result
            .Defect.Should()
            .Be(
                $$"""writes {{value}} to {{field}} of loans/{{loan}}, {{reason}}, on {"loan_id":"{{loan}}","weeks":3}; """
                    + """what an agent can get wrong is a ToolError"""
            );
        environment.Diff().IsEmpty.Should().BeTrue();
        environment.Db.Writes.Should().BeEmpty();
        environment.Call("renew_loan", $$"""{"loan_id":"{{loan}}","weeks":2}""").IsError.Should().BeFalse("the dialogue goes on");
    }

    [Fact]
    public void What_breaks_behind_a_value_that_does_not_fit_is_not_the_cause()
    {
        using var pack = new TinyPack().With(
            "Tools.cs",
            Before,
            $"db[\"loans\"].Change(loanId, l => l.Set(\"due\", \"soon\"));\n        {Before}"
        );
        var (environment, loan) = Begun(pack);

        environment
            .Call("renew_loan", $$"""{"loan_id":"{{loan}}","weeks":1}""")
            .Defect.Should()
            .StartWith("writes \"soon\" to due of loans/");
        environment.Diff().IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData(
        "_ = DateOnly.ParseExact(surname, \"yyyy-MM-dd\", null);",
        "throws FormatException on {\"card_no\":\"1\",\"surname\":\"x\"}: "
    )]
    [InlineData("_ = db[\"loans\"].Rows.First().Date(\"title\");", ", not a date such as 2031-03-04")]
    [InlineData("_ = Array.Empty<int>()[cardNo.Length];", "throws IndexOutOfRangeException on ")]
    public void A_tool_that_breaks_gives_an_error_and_the_pack_the_blame(string code, string defect)
    {
        using var pack = new TinyPack()
            .With(
                "Tools.cs",
                "db[\"members\"].Only(\"card_no\", cardNo, m => m.Text(\"surname\") == surname, \"no such member\");",
                "Broken(cardNo, surname);"
            )
            .With(
                "Tools.cs",
                "[Clause(\"3.1\")]",
                $$"""private Row Broken(string cardNo, string surname) { {{code}} throw new ToolError("no such member"); """
                    + $$"""}{{"\n\n    "}}[Clause("3.1")]"""
            );
        var (environment, _) = Begun(pack);

        var result = environment.Call("find_member", """{"card_no":"1","surname":"x"}""");

        (result.IsError, result.Text).Should().Be((true, "Error: find_member could not be carried out"));
        result.Defect.Should().Contain(defect);
    }

    [Fact]
    public void A_call_that_does_not_keep_to_the_schema_is_the_agents_mistake_whatever_the_tool_makes_of_it()
    {
        using var pack = new TinyPack();
        var (environment, loan) = Begun(pack);

        var result = environment.Call("renew_loan", $$"""{"loan_id":"{{loan}}","weeks":-999999999}""");

        result.Text.Should().Be("Error: invalid arguments: weeks: -999999999 is below 1");
        result.Defect.Should().BeNull();
    }

    [Fact]
    public void A_guard_that_breaks_names_itself_and_the_call()
    {
        using var pack = new TinyPack().With("Tools.cs", "!loan.Flag(\"reserved\")", "loan.Date(\"title\").Year > 0");
        var (environment, loan) = Begun(pack);
        var tool = pack.Load().Tools.Find("renew_loan")!;

        var broken = () => pack.Load().Guards.Broken(environment.Db, tool, (JsonMap)Json.Map(("loan_id", loan), ("weeks", 1)));

        broken
            .Should()
            .Throw<PackDefect>()
            .WithMessage(
                "the guard NobodyWaits throws InvalidOperationException on *the field title of loans/*not a date such as 2031-03-04"
            );
    }

    [Fact]
    public void What_a_row_held_before_is_not_looked_at_again()
    {
        using var pack = new TinyPack().With(
            "Tools.cs",
            Before,
            $"if (weeks == 3) return db[\"loans\"].Change(loanId, l => l.Set(\"renewals\", 1));\n        {Before}"
        );
        var loaded = pack.Load();
        var loan = loaded.Base["loans"].Rows[0];
        var environment = new DialogueEnvironment(
            loaded,
            [
                new()
                {
                    Path = ["loans", loan.Key, "due"],
                    Before = loan["due"],
                    After = "a day in spring",
                },
                NoFines(loaded, loan),
            ]
        );

        environment.Call("renew_loan", $$"""{"loan_id":"{{loan.Key}}","weeks":3}""").IsError.Should().BeFalse();
    }

    // A loan whose owner may renew it, in a world where that holds.
    private static (DialogueEnvironment Environment, string Loan) Begun(TinyPack pack)
    {
        var loaded = pack.Load();
        var loan = loaded.Base["loans"].Rows[0];
        return (new(loaded, [NoFines(loaded, loan)]), loan.Key);
    }

    private static Change NoFines(Pack pack, Row loan) =>
        new()
        {
            Path = ["members", loan.Text("member_id"), "fines"],
            Before = pack.Base["members"].Find(loan.Text("member_id"))!["fines"],
            After = 0.0,
        };
}
