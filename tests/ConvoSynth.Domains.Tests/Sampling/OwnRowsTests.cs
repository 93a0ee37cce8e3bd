using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Sampling;

/// <summary>Rows that slots reach by a reference are the human's own, even if the data leads elsewhere too.</summary>
public sealed class OwnRowsTests
{
    [Theory]
    [InlineData("rows: { n: note, a: loan of n }")]
    [InlineData("rows: { n: note, a: { row: loan of n, where: \"renewals < 9\" } }")]
    public void A_slot_of_another_slots_row_holds_no_other_owners_row(string rows)
    {
        using var pack = new TinyPack()
            .With(
                "domain.yaml",
                "acts:",
                "  note: { table: notes, key: note_id, owner: member_id, fields: { note_id: id, member_id: { ref: member }, "
                    + "loan_id: { ref: loan, any_owner: true } } }\nacts:"
            )
            .With("data.yaml", "members: { count: 60", "members: { count: 5")
            .With("data.yaml", "count: 0..4", "count: 2..4")
            .With("data.yaml", "ensure:", "notes:\n  per: members\n  count: 6\n  note_id: \"N{n:4}\"\n  loan_id: ref(loans)\nensure:")
            .With("intents.yaml", "rows: { a: loan }", rows);
        var loaded = pack.Load();
        var sampler = new BlueprintSampler(loaded);

        var blueprints = Enumerable.Range(0, 40).Select(i => Sampled(sampler, i)).OfType<Blueprint>().ToArray();

        blueprints.Should().HaveCountGreaterThan(5);
        foreach (var blueprint in blueprints)
        {
            var card = blueprint.Actions.First(a => a.Tool == "find_member").Arguments["card_no"];
            var person = loaded.Base["members"].Rows.Single(m => m["card_no"] == card).Key;
            foreach (var write in blueprint.Actions.Where(a => a.Writes))
                loaded.Base["loans"].Find(write.Arguments["loan_id"].Text!)!.Text("member_id").Should().Be(person);
        }

        loaded
            .Base["notes"]
            .Rows.Should()
            .Contain(n => loaded.Base["loans"].Find(n.Text("loan_id"))!.Text("member_id") != n.Text("member_id"), "else nothing was tried");
    }

    // With so few rows, some cells cannot be produced.
    private static Blueprint? Sampled(BlueprintSampler sampler, long index)
    {
        try
        {
            return sampler.Sample(new Seed(3), index);
        }
        catch (BlueprintException)
        {
            return null;
        }
    }
}
