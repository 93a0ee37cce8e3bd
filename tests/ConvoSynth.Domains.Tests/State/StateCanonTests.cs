using System.Collections.Frozen;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Domains.Tests.State;

public sealed class StateCanonTests
{
    private static readonly DomainSpec Domain = new()
    {
        Name = "post",
        Title = "a post office",
        Clock = Worlds.Now,
        Who = "sender",
        Identity = [],
        EntityOrder = ["parcel", "stamp"],
        Acts = FrozenDictionary<string, ActSpec>.Empty,
        Entities = new[]
        {
            Entity(
                "parcel",
                "parcels",
                "parcel_id",
                Field("parcel_id", "id") with
                {
                    Generated = "id",
                },
                Field("weight", "count"),
                Field("postage", "money"),
                Field("sent", "date") with
                {
                    Generated = "now",
                },
                Field("note", "text") with
                {
                    NonEmptyIsEqual = true,
                },
                Field("tags", "text") with
                {
                    Unordered = true,
                }
            ),
            Entity(
                "stamp",
                "stamps",
                "stamp_id",
                Field("stamp_id", "id") with
                {
                    Generated = "id",
                },
                Field("parcel_id", "ref") with
                {
                    Ref = "parcel",
                },
                Field("value", "money")
            ),
        }.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal),
    };

    private static readonly StateCanon Canon = new(Domain);

    private static readonly Database Empty = new([new BaseTable("parcels", []), new BaseTable("stamps", [])]);

    [Fact]
    public void The_order_in_which_rows_are_made_does_not_matter() =>
        Prop.ForAll(
                Gen.Choose(0, 3).Zip(Gen.Choose(0, 3)).ListOf().Where(l => l.Count > 0).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
                world =>
                {
                    var (parcels, seed) = world;
                    var shuffled = new Seed((ulong)seed).Random().Shuffled(parcels.Take(6));
                    return Canon.Canonical(Send(parcels.Take(6))) == Canon.Canonical(Send(shuffled));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Other_content_stays_another_state() =>
        Prop.ForAll(
                Gen.Choose(0, 3).Zip(Gen.Choose(0, 3)).ListOf().Where(l => l.Count > 0).ToArbitrary(),
                parcels =>
                {
                    var sent = parcels.Take(6).ToArray();
                    var heavier = sent.Select((p, i) => i == 0 ? (p.Item1 + 10, p.Item2) : p);
                    var stamped = sent.Select((p, i) => i == 0 ? (p.Item1, p.Item2 + 1) : p);
                    return Canon.Canonical(Send(sent)) != Canon.Canonical(Send(heavier))
                        && Canon.Canonical(Send(sent)) != Canon.Canonical(Send(stamped));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Which_new_row_another_names_is_kept()
    {
        var right = Stamps(heavyGetsTwo: true);
        var wrong = Stamps(heavyGetsTwo: false);
        Canon.Canonical(right).Should().NotBe(Canon.Canonical(wrong));
        Canon.Canonical(right).Should().Be(Canon.Canonical(Stamps(heavyGetsTwo: true)));
    }

    [Fact]
    public void Money_counts_to_the_cent_times_are_now_notes_need_only_be_there_and_sets_have_no_order()
    {
        StateDiff Parcel(double postage, string sent, string note, params Json[] tags)
        {
            var db = new Db(Empty, Worlds.Now, []);
            db["parcels"].Add("X", ("postage", postage), ("sent", sent), ("note", note), ("tags", Json.List(tags)));
            return Canon.Canonical(DiffBuilder.Build(db));
        }

        var one = Parcel(2.1999999999999993, "2031-03-04", "mind the dog", "a", "b");
        one.Should().Be(Parcel(2.2, "2031-03-05", "ring twice", "b", "a"));
        one.Should().NotBe(Parcel(2.21, "2031-03-04", "mind the dog", "a", "b"));
        one.Should().NotBe(Parcel(2.2, "2031-03-04", " ", "a", "b"));
        one.Should().NotBe(Parcel(2.2, "2031-03-04", "mind the dog", "a", "c"));
    }

    private static StateDiff Send(IEnumerable<(int Weight, int Stamps)> parcels)
    {
        var db = new Db(Empty, Worlds.Now, []);
        foreach (var (weight, stamps) in parcels)
        {
            var id = db.NewId("P");
            db["parcels"].Add(id, ("parcel_id", id), ("weight", weight));
            for (var i = 0; i < stamps; i++)
            {
                var stamp = db.NewId("S");
                db["stamps"].Add(stamp, ("stamp_id", stamp), ("parcel_id", id), ("value", 1.5));
            }
        }

        return DiffBuilder.Build(db);
    }

    private static StateDiff Stamps(bool heavyGetsTwo) => Send([(1, heavyGetsTwo ? 1 : 2), (9, heavyGetsTwo ? 2 : 1)]);

    private static EntitySpec Entity(string name, string table, string key, params FieldSpec[] fields) =>
        new()
        {
            Name = name,
            Table = table,
            Key = key,
            Label = name,
            Fields = fields.ToFrozenDictionary(f => f.Path, StringComparer.Ordinal),
        };

    private static FieldSpec Field(string path, string type) =>
        new()
        {
            Path = path,
            Type = type,
            Label = path,
        };
}
