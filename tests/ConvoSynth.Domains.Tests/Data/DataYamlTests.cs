using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Data;

public sealed class DataYamlTests
{
    private static IReadOnlyList<Row> Loans(TinyPack pack) => pack.Load().Base["loans"].Rows;

    [Fact]
    public void The_same_pack_makes_the_same_database()
    {
        using var one = new TinyPack();
        using var two = new TinyPack();
        one.Load().Hash.Should().Be(two.Load().Hash);
    }

    [Fact]
    public void Another_seed_makes_another_database()
    {
        using var one = new TinyPack();
        using var two = new TinyPack().With("data.yaml", "ensure:", "seed: 8\nensure:");
        one.Load().Base["members"].Rows[0].Values.Should().NotBe(two.Load().Base["members"].Rows[0].Values);
    }

    [Fact]
    public void A_change_to_one_field_leaves_every_other_value_as_it_was()
    {
        using var before = new TinyPack();
        using var after = new TinyPack().With("data.yaml", "renewals: int(0..3)", "renewals: int(4..9)");
        var (a, b) = (Loans(before), Loans(after));
        b.Should().HaveSameCount(a);
        b.Select(l => l.Values.Without("renewals")).Should().Equal(a.Select(l => l.Values.Without("renewals")));
    }

    [Fact]
    public void Rows_made_per_another_table_carry_its_key_and_stay_within_their_count()
    {
        using var pack = new TinyPack();
        var loaded = pack.Load();
        Loans(pack).Should().OnlyContain(l => loaded.Base["members"].Find(l.Text("member_id")) != null);
        var counts = Loans(pack).GroupBy(l => l.Text("member_id")).Select(g => g.Count()).ToArray();
        counts.Should().OnlyContain(c => c <= 4).And.Contain(4);
    }

    [Fact]
    public void Rows_of_one_parent_are_distinct_where_that_is_asked()
    {
        using var pack = new TinyPack();
        Loans(pack)
            .GroupBy(l => l.Text("member_id"))
            .Should()
            .OnlyContain(g => g.Select(l => l.Text("title")).Distinct().Count() == g.Count());
    }

    [Fact]
    public void Values_stay_within_their_generators()
    {
        using var pack = new TinyPack();
        var members = pack.Load().Base["members"].Rows;
        members
            .Select(m => m.Text("card_no"))
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(c => c.Length == 8 && c.All(char.IsAsciiDigit));
        members.Select(m => m.Text("member_id")).Take(2).Should().Equal("M0001", "M0002");
        members.Should().OnlyContain(m => m.Money("fines") >= 0 && m.Money("fines") <= 25);
        members.Count(m => m.Money("fines") == 0).Should().BeInRange(20, 50);
        Loans(pack).Should().OnlyContain(l => l.Date("due") >= new DateOnly(2031, 2, 11) && l.Date("due") <= new DateOnly(2031, 3, 25));
    }

    [Fact]
    public void Sums_and_counts_over_later_tables_are_filled_in()
    {
        using var pack = new TinyPack()
            .With("domain.yaml", "fines: money }", "fines: money, out: count, wear: count, name: text, note: text }")
            .With(
                "data.yaml",
                "fines: money(0..25; zero=60%) }",
                "fines: money(0..25; zero=60%), out: count(loans), wear: \"add(sum(loans.renewals, reserved=true), 1)\", name: "
                    + "\"{surname}, {card_no}\", note: \"if(fines>10, pick(much), null)\" }"
            );
        var loaded = pack.Load();
        foreach (var member in loaded.Base["members"].Rows)
        {
            var loans = Loans(pack).Where(l => l.Text("member_id") == member.Key).ToArray();
            member.Int("out").Should().Be(loans.Length);
            member.Int("wear").Should().Be(1 + loans.Where(l => l.Flag("reserved")).Sum(l => l.Int("renewals")));
            member.Text("name").Should().Be($"{member.Text("surname")}, {member.Text("card_no")}");
            member["note"].Should().Be(member.Money("fines") > 10 ? (Json)"much" : Json.Null);
        }
    }

    [Fact]
    public void Fields_of_a_row_that_is_referred_to_can_be_copied()
    {
        using var pack = new TinyPack()
            .With("domain.yaml", "reserved: flag }", "reserved: flag, holder: name, next: { ref: member } }")
            .With("data.yaml", "  reserved: 20%", "  reserved: 20%\n  holder: \"{member_id.surname}\"\n  next: ref(members, fines=0)");
        var loaded = pack.Load();
        foreach (var loan in Loans(pack))
        {
            loan.Text("holder").Should().Be(loaded.Base["members"].Find(loan.Text("member_id"))!.Text("surname"));
            loaded.Base["members"].Find(loan.Text("next"))!.Money("fines").Should().Be(0);
        }
    }

    [Fact]
    public void A_row_that_may_be_used_once_is_used_once()
    {
        using var pack = new TinyPack()
            .With("domain.yaml", "reserved: flag }", "reserved: flag, next: { ref: member } }")
            .With("data.yaml", "count: 0..4", "count: 0..1")
            .With("data.yaml", "  reserved: 20%", "  reserved: 20%\n  next: ref(members, unused)");
        Loans(pack).Select(l => l.Text("next")).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Rows_within_rows_and_nested_fields_are_made()
    {
        using var pack = new TinyPack()
            .With("domain.yaml", "fines: money }", "fines: money, address.city: text, \"cards[].no\": id }")
            .With("domain.yaml", "acts:", "  card: { in: member.cards, key: no, fields: { no: id, kind: text } }\nacts:")
            .With(
                "data.yaml",
                "fines: money(0..25; zero=60%) }",
                "fines: money(0..25; zero=60%), address: { city: city }, cards: { count: 1..3, no: \"C{k}\", kind: pick(gold|blue) } }"
            );
        var members = pack.Load().Base["members"].Rows;
        members.Should().OnlyContain(m => FieldPath.Read(m.Values, "address.city").Text!.Length > 2);
        members
            .Should()
            .OnlyContain(m => m.List("cards").Count >= 1 && m.List("cards").Count <= 3 && m.List("cards")[0]["no"] == (Json)"C1");
        members.Select(m => m.List("cards").Count).Distinct().Should().HaveCount(3);
    }

    [Theory]
    [InlineData("M{n:4", "without its }")]
    [InlineData("M{m}", "m is no field of member")]
    [InlineData("digits(0)", "1 to 18")]
    [InlineData("digits(1)", "too few values")]
    [InlineData("nonsense(3)", "\"nonsense\" is no generator")]
    [InlineData("ref(books)", "has no table books")]
    [InlineData("ref(loans)", "is not made yet")]
    [InlineData("ref(loans, colour=red)", "loan has no field colour")]
    [InlineData("maybe(30%)", "maybe wants a share and a value")]
    [InlineData("if(surname, a, b)", "\"a\" is no generator")]
    [InlineData("pick()", "pick wants choices")]
    [InlineData("count(members)", "no field of members refers to member")]
    [InlineData("time(20..9)", "range from low to high")]
    public void What_cannot_be_made_is_refused_at_its_line(string value, string reason)
    {
        using var pack = new TinyPack().With("data.yaml", "card_no: digits(8)", $"card_no: '{value}'");
        var faults = new List<PackDiagnostic>();
        PackLoading.TryLoad(pack.Folder, null, faults);
        var fault = faults.FirstOrDefault(f => f.Reason.Contains(reason, StringComparison.Ordinal));
        fault.Should().NotBeNull(string.Join("\n", faults));
        fault!.File.Should().Be("data.yaml");
        fault.Line.Should().Be(1);
    }

    [Theory]
    [InlineData("-3", "the count is -3; it must be a whole number from 0 to 1000000")]
    [InlineData("99999999999", "the count is 99999999999")]
    [InlineData("2.5", "the count is 2.5")]
    [InlineData("pick(a|b)", "the count is \"")]
    public void A_count_that_no_table_can_have_is_refused(string count, string reason)
    {
        using var pack = new TinyPack().With("data.yaml", "members: { count: 60", $"members: {{ count: {count}");
        var faults = new List<PackDiagnostic>();

        PackLoading.TryLoad(pack.Folder, null, faults);

        faults.Should().Contain(f => f.File == "data.yaml" && f.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "personas.yaml",
        "manner: matter-of-fact",
        "manner: matter-of-fact, traits: { brief: 9 }",
        "the trait brief is a number from 0 to 1"
    )]
    [InlineData(
        "personas.yaml",
        "manner: matter-of-fact",
        "manner: matter-of-fact, traits: { brief: high }",
        "the trait brief is a number"
    )]
    [InlineData("domain.yaml", "fines: money }", "fines: money, kind: { type: enum } }", "the enum kind needs its values")]
    [InlineData(
        "domain.yaml",
        "fines: money }",
        "fines: money, kind: { type: enum, values: [a, a] } }",
        "the value a of kind is there twice"
    )]
    [InlineData("personas.yaml", "matter-of-fact }", "matter-of-fact }\n---\n- x", "the file holds 2 documents; one is wanted")]
    [InlineData("personas.yaml", "matter-of-fact }", "matter-of-f\uFFFDct }", "a character here is no UTF-8")]
    [InlineData("policy.md", "1.1", "1.1 \uFFFD", "a character here is no UTF-8")]
    public void A_newcomer_s_slip_is_named_in_its_file(string file, string old, string planted, string reason)
    {
        using var pack = new TinyPack().With(file, old, planted);
        var faults = new List<PackDiagnostic>();

        PackLoading.TryLoad(pack.Folder, null, faults);

        faults.Should().Contain(f => f.File == file && f.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_in_UTF_16_is_known_by_its_mark()
    {
        using var plain = new TinyPack();
        using var wide = new TinyPack();
        var file = Path.Combine(wide.Folder, "personas.yaml");
        File.WriteAllText(file, File.ReadAllText(file), System.Text.Encoding.Unicode);

        wide.Load().Personas.Should().BeEquivalentTo(plain.Load().Personas);
    }

    [Fact]
    public void A_comma_within_a_flow_map_parts_arguments_as_a_semicolon_does()
    {
        using var semicolon = new TinyPack();
        using var comma = new TinyPack().With("data.yaml", "money(0..25; zero=60%)", "money(0..25, zero=60%, step=0.01)");
        comma.Load().Base["members"].Rows.Select(m => m.Values).Should().Equal(semicolon.Load().Base["members"].Rows.Select(m => m.Values));
    }

    [Fact]
    public void A_table_that_domain_yaml_does_not_have_is_refused()
    {
        using var pack = new TinyPack().With("data.yaml", "ensure:", "books: { count: 3 }\nensure:");
        var faults = new List<PackDiagnostic>();
        PackLoading.TryLoad(pack.Folder, null, faults);
        faults
            .Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Be($"data.yaml:{pack.LineOf("data.yaml", "books:")}: domain.yaml has no table books; it has members, loans");
    }

    [Fact]
    public void Decimals_are_steps_from_the_low_end_and_say_what_they_are()
    {
        using var pack = new TinyPack()
            .With("domain.yaml", "renewals: count", "renewals: count, weight: decimal")
            .With("data.yaml", "  reserved: 20%", "  reserved: 20%\n  weight: \"decimal(0.25..2, step=0.125)\"");
        var weights = Loans(pack).Select(l => l.Number("weight")).ToArray();
        weights
            .Should()
            .OnlyContain(w => w >= 0.25 && w <= 2 && double.IsInteger((w - 0.25) / 0.125))
            .And.Contain(w => w > 1.5)
            .And.OnlyContain(w => w < 2.01);
        FieldValues.Say("decimal", 4.0).Should().Be("4");
        FieldValues.Say("decimal", 0.375).Should().Be("0.375");
        FieldValues.Says("It weighs 0.375 kilograms.", "decimal", 0.375).Should().BeTrue();
    }

    [Theory]
    [InlineData("decimal(2..1)", "is no range from low to high")]
    [InlineData("decimal(0..1, step=0)", "is no range from low to high")]
    [InlineData("decimal(1)", "decimal wants a range")]
    [InlineData("decimal(a..b)", "a is no number")]
    public void A_decimal_that_is_no_range_is_refused(string recipe, string reason)
    {
        using var pack = new TinyPack().With("data.yaml", "renewals: int(0..3)", $"renewals: \"{recipe}\"");
        var faults = new List<PackDiagnostic>();
        PackLoading.TryLoad(pack.Folder, null, faults);
        faults.Should().Contain(f => f.File == "data.yaml" && f.Line == pack.LineOf("data.yaml", recipe) && f.Reason.Contains(reason));
    }

    [Fact]
    public void A_reference_to_own_rows_leads_to_no_other_owners()
    {
        using var pack = WithNotes("ref(loans, own)");
        var loaded = pack.Load();
        var notes = loaded.Base["notes"].Rows;
        notes
            .Should()
            .HaveCount(60)
            .And.OnlyContain(n => loaded.Base["loans"].Find(n.Text("loan_id"))!.Text("member_id") == n.Text("member_id"));
    }

    [Fact]
    public void Where_an_owner_has_none_the_data_is_refused_with_a_way_out()
    {
        using var pack = WithNotes("ref(loans, own)").With("data.yaml", "count: 1..4", "count: 0..4");
        var faults = new List<PackDiagnostic>();
        PackLoading.TryLoad(pack.Folder, null, faults);
        faults.Should().ContainSingle().Which.Reason.Should().MatchRegex("M\\d+ has no row of loans that fits; make these rows per loans");
    }

    private static TinyPack WithNotes(string recipe) =>
        new TinyPack()
            .With(
                "domain.yaml",
                "acts:",
                "  note: { table: notes, key: note_id, owner: member_id, fields: { note_id: id, member_id: { ref: member }, "
                    + "loan_id: { ref: loan } } }\nacts:"
            )
            .With("data.yaml", "count: 0..4", "count: 1..4")
            .With("data.yaml", "ensure:", $"notes:\n  per: members\n  count: 1\n  note_id: \"N{{n:4}}\"\n  loan_id: {recipe}\nensure:");
}
