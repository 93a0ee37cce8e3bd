using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Sampling;

/// <summary>Probe results are cached in a folder; the cache may only save time and never change a blueprint.</summary>
public sealed class ProbeRecordsTests : IDisposable
{
    private const int Sampled = 500;
    private const string Code = "this code";
    private static readonly Seed Run = new(11);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("probe-records-");
    private readonly TinyPack _tiny = new();

    private string[] Kept => [.. Directory.EnumerateFiles(_folder.FullName).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_sampler_from_kept_records_samples_the_very_blueprints_of_one_that_probed()
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints/library"));
        var cold = new BlueprintSampler(pack, Records());
        var written = File.ReadAllBytes(Kept.Should().ContainSingle().Subject);

        var warm = new BlueprintSampler(PackLoading.Load(RepositoryRoot.At("blueprints/library")), Records());

        File.ReadAllBytes(Kept.Should().ContainSingle().Subject).Should().Equal(written);
        Told(warm).Should().Equal(Told(cold));
        for (var i = 0; i < Sampled; i++)
            Text(warm, i).Should().Be(Text(cold, i), $"index {i} must not depend on the records");
    }

    [Fact]
    public void Kept_reasons_are_used_and_not_probed_again()
    {
        var pack = WithUnreachable().Load();
        string?[] planted = [.. Enumerable.Repeat<string?>(null, Cell.Of(pack.Intents).Count)];
        planted[^1] = "planted: \"no\" – such rows";
        Records().Keep(pack, planted);

        new BlueprintSampler(pack, Records()).Unreachable.Select(u => u.Reason).Should().Equal(planted[^1]);
    }

    [Fact]
    public void Cells_that_cannot_be_had_are_kept_with_their_reasons()
    {
        var pack = WithUnreachable().Load();
        var cold = new BlueprintSampler(pack, Records());

        cold.Unreachable.Should().NotBeEmpty();
        Records().Read(pack, Cell.Of(pack.Intents).Count)!.OfType<string>().Should().Equal(cold.Unreachable.Select(u => u.Reason));
        Told(new BlueprintSampler(pack, Records())).Should().Equal(Told(cold));
    }

    [Theory]
    [InlineData("intents.yaml", "not finished", "hardly begun")]
    [InlineData("domain.yaml", "clock: 2031-03-04", "clock: 2031-03-05")]
    [InlineData("Tools.cs", "l.Int(\"renewals\") + 1", "l.Int(\"renewals\") + 2")]
    [InlineData("data.yaml", "renewals: int(0..3)", "renewals: int(0..2)")]
    public void Another_pack_does_not_find_the_records(string file, string old, string changed)
    {
        var pack = _tiny.Load();
        Keep(pack);

        Read(_tiny.With(file, old, changed).Load()).Should().BeNull();
        Read(pack).Should().NotBeNull();
    }

    [Fact]
    public void Another_database_does_not_find_the_records()
    {
        using var tables = new TemporaryTables(_tiny.Load());
        var before = PackLoading.Load(_tiny.Folder, tables.Folder);
        Keep(before);
        Read(PackLoading.Load(_tiny.Folder, tables.Folder)).Should().NotBeNull();

        tables.Change("members", "M0001", "fines", 99m);

        Read(PackLoading.Load(_tiny.Folder, tables.Folder)).Should().BeNull();
    }

    [Fact]
    public void Another_list_in_a_folder_below_the_packs_does_not_find_the_records()
    {
        _tiny.With("intents.yaml", "rows: { a: loan }", "rows: { a: loan, why: { from: lists/reasons.yaml } }");
        var list = Path.Combine(Directory.CreateDirectory(Path.Combine(_tiny.Folder, "lists")).FullName, "reasons.yaml");
        File.WriteAllText(list, "- { text: long }\n");
        Keep(_tiny.Load());
        Read(_tiny.Load()).Should().NotBeNull();

        File.WriteAllText(list, "- { text: short }\n");

        Read(_tiny.Load()).Should().BeNull();
    }

    [Fact]
    public void Other_code_does_not_find_the_records()
    {
        var pack = _tiny.Load();
        Keep(pack);

        new ProbeRecords(new(_folder.FullName), "other code").Read(pack, Cell.Of(pack.Intents).Count).Should().BeNull();
        Read(pack).Should().NotBeNull();
    }

    [Fact]
    public void A_record_of_another_number_of_cells_is_none()
    {
        var pack = _tiny.Load();
        Keep(pack);

        Records().Read(pack, Cell.Of(pack.Intents).Count + 1).Should().BeNull();
    }

    [Fact]
    public void A_damaged_record_is_ignored_and_written_anew()
    {
        var pack = _tiny.Load();
        var cold = new BlueprintSampler(pack, Records());
        var path = Kept.Should().ContainSingle().Subject;
        var sound = File.ReadAllBytes(path);
        byte[][] damaged =
        [
            [],
            sound[..10],
            sound[..32],
            sound[..^1],
            [.. sound, (byte)' '],
            "[null]"u8.ToArray(),
            .. Enumerable.Range(0, sound.Length).Select(i => Flipped(sound, i)),
        ];

        foreach (var content in damaged)
        {
            File.WriteAllBytes(path, content);
            Read(pack).Should().BeNull();
        }

        Told(new BlueprintSampler(pack, Records())).Should().Equal(Told(cold));
        File.ReadAllBytes(path).Should().Equal(sound);
        Kept.Should().ContainSingle();
    }

    [Fact]
    public void The_record_of_one_pack_under_the_name_of_anothers_is_ignored()
    {
        var pack = _tiny.Load();
        Keep(pack);
        var path = Kept[0];
        var other = _tiny.With("intents.yaml", "not finished", "hardly begun").Load();
        Keep(other);

        File.Copy(path, Kept.Single(k => k != path), overwrite: true);

        Read(other).Should().BeNull();
        Read(pack).Should().NotBeNull();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_does_no_harm()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "no folder");
        var pack = _tiny.Load();
        var records = new ProbeRecords(new(Path.Combine(file, "below")), Code);

        var sampler = new BlueprintSampler(pack, records);

        Told(sampler).Should().Equal(Told(new BlueprintSampler(pack, Records())));
        Text(sampler, 0).Should().Contain("renew_loan");
        File.ReadAllText(file).Should().Be("no folder");
    }

    [Fact]
    public void A_folder_in_the_place_of_the_record_does_no_harm_and_leaves_nothing_behind()
    {
        var pack = _tiny.Load();
        Keep(pack);
        var path = Kept[0];
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "in the way"));

        new BlueprintSampler(pack, Records()).Cells.Should().NotBeEmpty();

        Kept.Should().BeEmpty();
    }

    public void Dispose()
    {
        _tiny.Dispose();
        _folder.Delete(recursive: true);
    }

    private ProbeRecords Records() => new(new(_folder.FullName), Code);

    private void Keep(Pack pack) => Records().Keep(pack, new string?[Cell.Of(pack.Intents).Count]);

    private string?[]? Read(Pack pack) => Records().Read(pack, Cell.Of(pack.Intents).Count);

    // No member's fines reach the guard's limit, and no one-field change makes them.
    private TinyPack WithUnreachable() =>
        _tiny
            .With("Tools.cs", "member.Money(\"fines\") < 10m", "member.Money(\"fines\") < 100000000m")
            .With("data.yaml", "each_guard: { holds: 10, broken: 10 }", "each_guard: { holds: 10 }");

    private static byte[] Flipped(byte[] content, int at) => [.. content.Select((b, i) => i == at ? (byte)(b ^ 1) : b)];

    private static string[] Told(BlueprintSampler sampler) =>
        [.. sampler.Cells.Select(c => c.Name), .. sampler.Unreachable.Select(u => $"{u.Cell.Name}: {u.Reason}")];

    private static string Text(BlueprintSampler sampler, int index) => JsonSerializer.Serialize(sampler.Sample(Run, index));

    /// <summary>A pack's own tables as a folder of <c>&lt;table&gt;.json</c>.</summary>
    private sealed class TemporaryTables : IDisposable
    {
        private readonly DirectoryInfo _tables = Directory.CreateTempSubdirectory("tables-");

        public TemporaryTables(Pack pack)
        {
            foreach (var table in pack.Base.Tables)
                Write(table.Name, (JsonMap)Json.Map([.. table.Rows.Select(r => (r.Key, (Json)r.Values))]));
        }

        public string Folder => _tables.FullName;

        public void Change(string table, string key, string field, Json value)
        {
            var rows = (JsonMap)Json.Parse(File.ReadAllBytes(PathOf(table)));
            Write(table, rows.With(key, ((JsonMap)rows[key]).With(field, value)));
        }

        public void Dispose() => _tables.Delete(recursive: true);

        private void Write(string table, JsonMap rows) => File.WriteAllText(PathOf(table), rows.ToString());

        private string PathOf(string table) => Path.Combine(Folder, table + ".json");
    }
}
