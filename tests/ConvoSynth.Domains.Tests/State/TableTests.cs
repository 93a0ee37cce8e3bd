using ConvoSynth.Core;
using ConvoSynth.Core.State;
using FsCheck.Xunit;

namespace ConvoSynth.Domains.Tests.State;

[Properties(Arbitrary = [typeof(Worlds), typeof(JsonValues)])]
public sealed class TableTests
{
    private readonly Db _db = Worlds.Begin(
        Worlds.Base(
            new(StringComparer.Ordinal)
            {
                ["k1"] = Map("""{"name":"Ada","age":36,"home":{"city":"Paris"}}"""),
                ["k2"] = Map("""{"name":"Bob","age":36.0,"home":{"city":"Rome"}}"""),
                ["k3"] = Map("""{"name":"ada","age":null}"""),
            }
        )
    );

    private Table Table => _db[Worlds.Table];

    [Property]
    public bool A_table_behaves_as_a_dictionary_of_rows_does(World world)
    {
        var db = Worlds.Begin(Worlds.Base(world.Rows));
        var model = new Dictionary<string, JsonMap>(world.Rows, StringComparer.Ordinal);
        Worlds.Take(db, model, world.Steps);
        return Worlds.Holds(db, model);
    }

    [Property]
    public bool A_look_up_finds_what_a_scan_finds_whatever_was_written(World world, Json value)
    {
        var db = Worlds.Begin(Worlds.Base(world.Rows));
        Worlds.Take(db, new(world.Rows, StringComparer.Ordinal), world.Steps);
        var found = db[Worlds.Table].Having("a", value).Select(r => r.Key);
        var scanned = db[Worlds.Table].Rows.Where(r => !value.IsNull && r["a"] == value).Select(r => r.Key);
        return found.Order(StringComparer.Ordinal).SequenceEqual(scanned.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Looking_up_minds_case_unless_told_otherwise()
    {
        Table.Having("name", "ADA").Should().BeEmpty();
        Table.Having("name", "ADA", ignoreCase: true).Select(r => r.Key).Should().Equal("k1", "k3");
    }

    [Fact]
    public void A_number_is_looked_up_by_value() => Table.Having("age", 36).Select(r => r.Key).Should().Equal("k1", "k2");

    [Fact]
    public void A_nested_field_is_looked_up_by_its_path() =>
        Table.Having("home.city", "Rome").Should().ContainSingle().Which.Key.Should().Be("k2");

    [Fact]
    public void A_row_is_found_under_its_new_value_and_no_longer_under_its_old()
    {
        Table.Change("k1", r => r.Set("name", "Eve"));
        Table.Having("name", "Ada").Should().BeEmpty();
        Table.Having("name", "Eve").Should().ContainSingle();
    }

    [Fact]
    public void A_row_that_is_added_removed_and_added_again_is_listed_once()
    {
        Table.Add("k9", ("name", "Zoe"));
        Table.Remove("k9");
        Table.Add("k9", ("name", "Zoe"));
        Table.Rows.Select(r => r.Key).Should().Equal("k1", "k2", "k3", "k9");
    }

    [Fact]
    public void The_only_row_must_be_the_only_one()
    {
        Table.Only("name", "Bob").Key.Should().Be("k2");
        FluentActions.Invoking(() => Table.Only("age", 36, orElse: "which one?")).Should().Throw<ToolError>().WithMessage("which one?");
        FluentActions.Invoking(() => Table.Only("name", "Zoe")).Should().Throw<ToolError>().WithMessage("things: nothing matches");
        Table.Only("age", 36, and: r => r.Text("name") == "Ada").Key.Should().Be("k1");
    }

    [Fact]
    public void A_missing_row_and_a_taken_key_are_errors_of_the_tool()
    {
        FluentActions.Invoking(() => Table["k9"]).Should().Throw<ToolError>().WithMessage("things: no row k9");
        FluentActions.Invoking(() => Table.Add("k1")).Should().Throw<ToolError>().WithMessage("things: k1 exists already");
        FluentActions.Invoking(() => Table.Remove("k9")).Should().Throw<ToolError>();
    }

    [Fact]
    public void A_new_id_is_none_that_a_row_has_and_the_same_in_every_run()
    {
        Table.Add("N0002");
        Enumerable.Range(0, 3).Select(_ => _db.NewId("N")).Should().Equal("N0001", "N0003", "N0004");
    }

    [Fact]
    public void A_patched_row_counts_as_there_from_the_beginning()
    {
        var patch = new Change { Path = [Worlds.Table, "k1", "home", "city"], After = "Oslo" };
        var db = Worlds.Begin(Worlds.Base(new(StringComparer.Ordinal) { ["k1"] = Map("""{"home":{"city":"Paris"}}""") }), [patch]);
        db[Worlds.Table].Having("home.city", "Oslo").Should().ContainSingle();
        db[Worlds.Table].Having("home.city", "Paris").Should().BeEmpty();
        db.Writes.Should().BeEmpty();
        DiffBuilder.Build(db).IsEmpty.Should().BeTrue();
    }

    private static JsonMap Map(string json) => (JsonMap)Json.Parse(json);
}
