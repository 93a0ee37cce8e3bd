using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Acceptance;

public sealed class PackAcceptanceTests
{
    [Fact]
    public void A_sound_pack_is_accepted_and_counted()
    {
        using var pack = new TinyPack();
        var report = pack.Accept();
        report.Faults.Should().BeEmpty();
        report
            .Should()
            .BeEquivalentTo(
                new
                {
                    Pack = "tiny",
                    Reads = 2,
                    Writes = 1,
                    Clauses = 5,
                    Guards = 3,
                    Cases = 2,
                }
            );
        report.Tools.Single(t => t.Tool == "renew_loan").Guards.Should().OnlyContain(g => g.Holds >= 10 && g.Broken >= 10);
    }

    // File, text, its replacement, and what the refusal must name: file, the line that holds this text, and a part of the reason.
    public static readonly TheoryData<string, string, string, string, string, string> Planted = new()
    {
        { "domain.yaml", "    table: loans", "    table: [loans", "domain.yaml", "*", "not YAML" },
        { "domain.yaml", "owner: member_id", "ownre: member_id", "domain.yaml", "ownre: member_id", "unknown key \"ownre\"" },
        { "domain.yaml", "reserved: flag", "reserved: flags", "domain.yaml", "reserved: flags", "the type flags is none of" },
        { "domain.yaml", "verbs: [renew, extend]", "verbs: []", "domain.yaml", "verbs: []", "no verbs" },
        { "domain.yaml", "{weeks|week}", "{months|month}", "domain.yaml", "verbs:", "the slot {months}" },
        { "domain.yaml", "  \"3.3\": [the fines are too high]", "", "domain.yaml", "\"3.1\": [another", "no reason for clause 3.3" },
        { "Tools.cs", "Reveals = \"loan\"", "Reveals = \"lone\"", "Tools.cs", "GetLoans(", "lone is no entity or field" },
        {
            "Tools.cs",
            "[Is(\"loan.loan_id\")]",
            "[Is(\"loan.number\")]",
            "Tools.cs",
            "RenewLoan(",
            "loan.number, which domain.yaml does not have"
        },
        { "Tools.cs", "!loan.Flag(\"reserved\")", "DateTime.Now.Year > 2000", "Tools.cs", "DateTime.Now", "System.DateTime.Now is banned" },
        {
            "Tools.cs",
            "!loan.Flag(\"reserved\")",
            "System.IO.File.ReadAllText(\"x\") == \"\"",
            "Tools.cs",
            "ReadAllText",
            "System.IO.File is banned"
        },
        {
            "Tools.cs",
            "!loan.Flag(\"reserved\")",
            "Environment.ProcessorCount > 1",
            "Tools.cs",
            "ProcessorCount",
            "System.Environment is banned"
        },
        { "Tools.cs", "!loan.Flag(\"reserved\")", "loan.Flags(\"reserved\")", "Tools.cs", "loan.Flags", "does not compile" },
        {
            "Tools.cs",
            "return db[\"loans\"].Having(\"member_id\", memberId);",
            "db[\"members\"].Change(memberId, m => m.Set(\"fines\", 0m));\n        return db[\"loans\"].Having(\"member_id\", memberId);",
            "Tools.cs",
            "GetLoans(",
            "is no [Write], but wrote members/"
        },
        {
            "Tools.cs",
            "l.Set(\"due\",",
            "l.Set(\"reserved\", true).Set(\"due\",",
            "Tools.cs",
            "RenewLoan(",
            "which its Changes (\"loan.due loan.renewals\") does not declare"
        },
        {
            "Tools.cs",
            "if (weeks > 3) throw",
            "db[\"loans\"].Change(loanId, l => l.Set(\"renewals\", 9));\n        if (weeks > 1) throw",
            "Tools.cs",
            "RenewLoan(",
            "but had already written loans/"
        },
        { "Tools.cs", "!loan.Flag(\"reserved\")", "loan.Key.Length > 0", "Tools.cs", "RenewLoan(", "NobodyWaits (clause 3.1) holds on" },
        {
            "Tools.cs",
            "member.Money(\"fines\") < 10m",
            "member.Flag(\"fines\")",
            "Tools.cs",
            "RenewLoan(",
            "throws InvalidOperationException"
        },
        {
            "Tools.cs",
            "surname, \"no such member\");",
            "surname, \"no such member\").Set(\"x\", db[\"loans\"].Rows.First().Flag(\"title\"));",
            "Tools.cs",
            "FindMember(",
            "throws InvalidOperationException"
        },
        {
            "Tools.cs",
            "db[\"members\"].Only(\"card_no\", cardNo, m => m.Text(\"surname\") == surname, \"no such member\")",
            "throw new ToolError(\"no\")",
            "Tools.cs",
            "FindMember(",
            "never succeeded"
        },
        {
            "Tools.cs",
            "if (db[\"members\"].Find(memberId) is null) throw new ToolError(\"no such member\");",
            "",
            "Tools.cs",
            "GetLoans(",
            "never failed"
        },
        {
            "Tools.cs",
            "if (weeks > 3) throw",
            "if (weeks == 2) return db[\"loans\"].Change(loanId, l => l.Set(\"due\", \"in 2 weeks\"));\n        if (weeks > 3) throw",
            "Tools.cs",
            "RenewLoan(",
            "writes \"in 2 weeks\" to due of loans/"
        },
        { "Tools.cs", "[Clause(\"3.2\")]", "[Clause(\"3.9\")]", "Tools.cs", "RenewLoan(", "clause 3.9, which policy.md does not have" },
        { "policy.md", " 3.2 At most two renewals.", "", "rules.yaml", "3.2", "policy.md has no clause 3.2" },
        { "policy.md", "3.3 No renewal", "3.4 Be kind.\n3.3 No renewal", "policy.md", "3.4 Be kind", "the clause 3.4 has no rule" },
        { "rules.yaml", "rule: confirm", "rule: confirmed", "rules.yaml", "confirmed", "the rule confirmed is none of" },
        { "rules.yaml", "yes: covers_listed", "yse: covers_listed", "rules.yaml", "yse:", "unknown option \"yse\"" },
        { "rules.yaml", "reveal loan", "reveal loans", "rules.yaml", "reveal loans", "neither write, reveal <entity>, nor a tool" },
        { "rules.yaml", "details: [loan.title", "details: [loan.name", "rules.yaml", "loan.name", "no field of domain.yaml" },
        { "data.yaml", "surname: surname", "surname: surnam", "data.yaml", "surnam,", "\"surnam\" is no generator" },
        { "data.yaml", "reserved: 20%", "resreved: 20%", "data.yaml", "resreved", "loan has no field resreved" },
        { "data.yaml", "  due: day(-21..21)\n", "", "data.yaml", "per: members", "does not make the field due" },
        { "data.yaml", "day(-21..21)", "day(21..-21)", "data.yaml", "day(21", "range from low to high" },
        { "data.yaml", "renewals: int(0..3)", "renewals: pick(none|one)", "data.yaml", "renewals", "which is no number" },
        { "data.yaml", "pick(titles.txt)", "pick(books.txt)", "data.yaml", "books.txt", "no file books.txt" },
        { "data.yaml", "count: 0..4", "count: 20..30", "data.yaml", "per: members", "still like another in title" },
        { "data.yaml", "broken: 10", "broken: 5000", "Tools.cs", "RenewLoan(", "LowFines (clause 3.3) holds on" },
        {
            "data.yaml",
            "each_guard:",
            "NoSuchGuard: { holds: 1 }\n  each_guard:",
            "data.yaml",
            "NoSuchGuard",
            "no tool has a guard NoSuchGuard"
        },
        { "cases.yaml", "breaks: \"3.1\"", "breaks: \"3.2\"", "cases.yaml", "L00001", "3.2 was to be broken; broken is 3.1" },
        { "cases.yaml", ", breaks: \"3.1\"", "", "cases.yaml", "L00001", "expects nothing" },
        { "cases.yaml", "due: 2031-03-19", "due: 2031-03-20", "cases.yaml", "given: { members: { MX", "due was to be \"2031-03-20\"" },
        { "cases.yaml", "surname: Ng, ", "", "cases.yaml", "MX", "lacks the field surname" },
        { "cases.yaml", "reserved: true,", "reservde: true,", "cases.yaml", "reservde", "loan has no field reservde" },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void What_is_planted_is_refused_with_file_line_and_reason(
        string file,
        string old,
        string planted,
        string faultFile,
        string at,
        string reason
    )
    {
        using var pack = new TinyPack().With(file, old, planted);
        var report = pack.Accept();
        report.IsAccepted.Should().BeFalse();
        var fault = report.Faults.FirstOrDefault(f => f.File == faultFile && f.Reason.Contains(reason, StringComparison.Ordinal));
        fault.Should().NotBeNull(string.Join("\n", report.Faults));
        fault!.Line.Should().BePositive();
        if (at != "*")
            fault.Line.Should().Be(pack.LineOf(faultFile, at), fault.ToString());
    }

    [Theory]
    [InlineData("string when", "DateOnly.Parse(when)", "throws FormatException on")]
    [InlineData("string when", "db.Today.AddDays(int.Parse(when))", "throws FormatException on")]
    [InlineData("double when", "db.Today.AddDays((int)when)", "throws ArgumentOutOfRangeException on")]
    [InlineData("List<string> when", "db.Today.AddDays(when[0].Length % 9)", "throws ArgumentOutOfRangeException on")]
    public void A_tool_that_good_values_do_not_break_is_tried_with_bad_ones(string parameter, string day, string reason)
    {
        var isDouble = parameter.StartsWith("double", StringComparison.Ordinal);
        using var pack = new TinyPack()
            .With("Tools.cs", "[Range(1, 3)] int weeks)", $"[Range(1, 3)] int weeks, {parameter} = {(isDouble ? "0" : "null")})")
            .With(
                "Tools.cs",
                "l.Set(\"due\", l.Date(\"due\").AddDays(7 * weeks))",
                $"l.Set(\"due\", {(isDouble ? day : $"when is null ? l.Date(\"due\") : {day}")})"
            );

        var report = pack.Accept();

        report
            .Faults.Should()
            .Contain(
                f =>
                    f.File == "Tools.cs"
                    && f.Line == pack.LineOf("Tools.cs", "RenewLoan(")
                    && f.Reason.Contains(reason, StringComparison.Ordinal),
                string.Join("\n", report.Faults)
            );
    }

    [Fact]
    public void A_name_that_endpoints_refuse_is_refused()
    {
        var name = "GetLoans" + new string('x', 70);
        using var pack = new TinyPack().With("Tools.cs", "GetLoans(", name + "(");
        var report = pack.Accept();
        report
            .Faults.Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Be(
                $"Tools.cs:{pack.LineOf("Tools.cs", name)}: the name get_loans{name[8..]} has 79 characters; "
                    + "endpoints take up to 64, each a letter A to Z, a digit, _ or -"
            );
    }

    [Fact]
    public void A_row_that_leads_to_another_owners_row_is_refused_unless_that_is_meant()
    {
        using var pack = new TinyPack()
            .With(
                "domain.yaml",
                "acts:",
                "  note: { table: notes, key: note_id, owner: member_id, fields: { note_id: id, member_id: { ref: member }, "
                    + "loan_id: { ref: loan } } }\nacts:"
            )
            .With("data.yaml", "count: 0..4", "count: 1..4")
            .With("data.yaml", "ensure:", "notes:\n  per: members\n  count: 1\n  note_id: \"N{n:4}\"\n  loan_id: ref(loans)\nensure:");

        var refused = pack.Accept().Faults;

        refused
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<PackDiagnostic>(f =>
                f.File == "data.yaml" && f.Line == pack.LineOf("data.yaml", "loan_id: ref(loans)") && f.Reason.Contains("ref(loans, own)")
            );
        pack.With("data.yaml", "ref(loans)", "ref(loans, own)").Accept().Faults.Should().BeEmpty();
        pack.With("data.yaml", "ref(loans, own)", "ref(loans)")
            .With("domain.yaml", "loan_id: { ref: loan }", "loan_id: { ref: loan, any_owner: true }")
            .Accept()
            .Faults.Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("domain.yaml")]
    [InlineData("Tools.cs")]
    [InlineData("policy.md")]
    [InlineData("rules.yaml")]
    [InlineData("intents.yaml")]
    [InlineData("personas.yaml")]
    [InlineData("cases.yaml")]
    [InlineData("data.yaml")]
    public void A_missing_file_is_named(string file)
    {
        using var pack = new TinyPack().Without(file);
        pack.Accept().Faults.Should().Contain(f => f.File == file);
    }

    [Fact]
    public void Faults_of_intents_refuse_the_pack()
    {
        using var pack = new TinyPack();
        var report = pack.Accept(p => [new("intents.yaml", 3, $"the intent renew of {p.Name} yields no blueprint")]);
        report.Faults.Should().ContainSingle().Which.ToString().Should().Be("intents.yaml:3: the intent renew of tiny yields no blueprint");
        report.ToString().Should().Contain("tiny: refused");
    }

    [Fact]
    public void All_faults_of_data_yaml_are_named_at_once()
    {
        using var pack = new TinyPack()
            .With("data.yaml", "surname: surname", "surname: surnam")
            .With("data.yaml", "reserved: 20%", "reserved: 120%");
        pack.Accept().Faults.Where(f => f.File == "data.yaml").Should().HaveCountGreaterThan(1);
    }
}
