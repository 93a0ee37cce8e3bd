using ConvoSynth.Core;
using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using Xunit.Abstractions;

namespace ConvoSynth.Domains.Tests.Library;

public sealed class LibraryPackTests(ITestOutputHelper output)
{
    private static readonly string Folder = RepositoryRoot.At("blueprints/library");

    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(Folder));

    private static Pack Library => Loaded.Value;

    [Fact]
    public void It_is_accepted()
    {
        var report = PackAcceptance.Run(Folder);
        output.WriteLine(report.ToString());
        report.Faults.Should().BeEmpty();
        report.Should().Match<AcceptanceReport>(r => r.Reads + r.Writes >= 12 && r.Clauses >= 20 && r.Guards >= 20 && r.Cases >= 60);
    }

    [Fact]
    public void Its_tables_are_of_the_size_that_it_promises()
    {
        Library.Base["members"].Rows.Should().HaveCount(300);
        Library.Base["loans"].Rows.Count.Should().BeInRange(700, 1100);
        Library.Base["titles"].Rows.Count.Should().BeGreaterThan(250);
    }

    [Fact]
    public void Every_guard_has_a_case_that_breaks_it_and_every_write_one_that_succeeds_and_one_that_fails()
    {
        var cases = Cases();
        foreach (var tool in Library.Tools.All.Where(t => t.Writes))
        {
            var own = cases.Where(c => c["call"].Text == tool.Name).ToArray();
            var broken = own.SelectMany(c => c["breaks"] is JsonList list ? list.Items : [c["breaks"]]).Select(b => b.Text).ToHashSet();
            tool.Guards.Where(g => !broken.Contains(g.Clause)).Select(g => $"{tool.Name}: {g.Name}").Should().BeEmpty();
            own.Should().Contain(c => !c["gives"].IsNull || !c["changes"].IsNull, tool.Name);
            own.Should()
                .Contain(c => !c["error"].IsNull && c["breaks"].IsNull || c["breaks"].Text != null && c["error"].Text != null, tool.Name);
        }
    }

    [Fact]
    public void A_persons_rows_can_be_told_apart_by_what_people_say_of_them()
    {
        var db = new DialogueEnvironment(Library).Db;
        foreach (var entity in Library.Domain.EntityOrder.Select(Library.Domain.Entity).Where(e => e.Owner is not null))
        {
            entity.ToldBy.Should().NotBeEmpty(entity.Name);
            foreach (var owned in Library.Rows.All(db, entity).GroupBy(r => Library.Rows.Owner(db, r)!.Key.Text))
                owned.Select(r => Json.List(entity.ToldBy.Select(f => r[f]))).Should().OnlyHaveUniqueItems($"{entity.Name} of {owned.Key}");
        }
    }

    [Fact]
    public void Public_rows_that_people_name_can_be_told_apart_too()
    {
        foreach (var name in new[] { "branch", "title", "room", "slot", "event" })
        {
            var entity = Library.Domain.Entity(name);
            Library.Base[entity.Table].Rows.Select(r => Json.List(entity.ToldBy.Select(f => r[f]))).Should().OnlyHaveUniqueItems(name);
        }
    }

    [Fact]
    public void Totals_on_the_account_are_those_of_its_rows()
    {
        foreach (var member in Library.Base["members"].Rows)
        {
            IEnumerable<Row> Of(string table) => Library.Base[table].Having("member_id", member.Key);
            member.Money("fines_due").Should().Be(Of("fines").Where(f => f.Text("state") == "open").Sum(f => f.Money("amount")));
            member.Int("hold_count").Should().Be(Of("holds").Count());
            member.Int("booking_count").Should().Be(Of("bookings").Count());
            member.Int("loan_count").Should().Be(Of("loans").Count(l => l.Text("state") == "out"));
        }
    }

    [Fact]
    public void Bookings_hold_slots_that_nobody_else_has()
    {
        var bookings = Library.Base["bookings"].Rows;
        bookings.Select(b => b.Text("slot_id")).Should().OnlyHaveUniqueItems();
        bookings.Should().OnlyContain(b => !Library.Base["slots"].Find(b.Text("slot_id"))!.Flag("free"));
    }

    [Fact]
    public void Every_act_has_several_phrasings_and_every_refusal_several_reasons()
    {
        Library
            .Domain.Acts.Values.Should()
            .OnlyContain(a => a.Ask.Count >= 3 && a.Done.Count >= 3 && a.Verbs.Count >= 2 && a.Tell.Count >= 1);
        Library.Domain.Because.Values.Should().OnlyContain(b => b.Count >= 3);
    }

    [Fact]
    public void It_has_sixteen_intents_or_more_with_three_reasons_each()
    {
        var faults = new List<PackDiagnostic>();
        var intents = YamlPart.Load(Folder, "intents.yaml", faults)!.Items.ToArray();
        faults.Should().BeEmpty();
        intents.Should().HaveCountGreaterThan(15);
        intents.Select(i => i.TextOf("id")).Should().OnlyHaveUniqueItems();
        intents.Should().OnlyContain(i => i.TextsOf("reason").Count >= 3 && i["goal"]!.Items.Any());
    }

    private static JsonMap[] Cases() => [.. YamlPart.Load(Folder, "cases.yaml", [])!.Items.Select(i => (JsonMap)i.Json)];
}
