using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Acceptance;

/// <summary>Which files belong to a pack; a change to any of them changes its hash.</summary>
public sealed class PackFolderTests
{
    private const string Rows = "rows: { a: loan }";

    [Theory]
    [InlineData("persons.yaml")]
    [InlineData("lists/persons.yaml")]
    [InlineData("lists/more/persons.yaml")]
    public void A_change_in_a_list_that_an_intent_names_is_another_pack(string list)
    {
        using var pack = new TinyPack()
            .With("intents.yaml", Rows, $"rows: {{ a: loan, p: {{ from: {list} }} }}")
            .Put(list, "- { name: Ada }\n- { name: Bob }\n");
        var before = pack.Load();
        var again = pack.Load();
        pack.With(list, "Bob", "Eve");
        var after = pack.Load();

        again.Hash.Should().Be(before.Hash);
        after.Hash.Should().NotBe(before.Hash);
        before.Sources.Files.Select(f => f.Path).Should().Contain(list).And.BeInAscendingOrder(StringComparer.Ordinal);
        after.Sources.TextOf(list).Should().Contain("Eve");
    }

    [Fact]
    public void A_word_list_of_the_data_may_lie_further_down_and_belongs_to_the_pack()
    {
        using var pack = new TinyPack();
        var before = pack.With("data.yaml", "pick(titles.txt)", "pick(lists/titles.txt)")
            .Put("lists/titles.txt", "Salt\nFlour\nYeast\nWater\nHoney\nMalt\nRye\n")
            .Load();
        var after = pack.With("lists/titles.txt", "Rye", "Rye\n\n").Load();

        after
            .Base.Tables.SelectMany(t => t.Rows)
            .Select(r => r.Values)
            .Should()
            .Equal(before.Base.Tables.SelectMany(t => t.Rows).Select(r => r.Values));
        after.Hash.Should().NotBe(before.Hash);
    }

    [Fact]
    public void What_nothing_names_is_no_part_of_the_pack()
    {
        using var pack = new TinyPack();
        var before = pack.Load().Hash;
        pack.Put("notes/todo.yaml", "- later").Put(".hidden", "x");

        pack.Load().Hash.Should().Be(before);
    }

    [Theory]
    [InlineData("../outside.yaml")]
    [InlineData("lists/../intents.yaml")]
    [InlineData("/etc/hostname")]
    [InlineData("lists/missing.yaml")]
    [InlineData("lists//persons.yaml")]
    [InlineData(".git/config")]
    public void What_lies_outside_the_folder_or_nowhere_is_refused_by_name(string list)
    {
        using var pack = new TinyPack()
            .Put("lists/persons.yaml", "- { name: Ada }")
            .Put(".git/config", "- { name: Ada }")
            .With("intents.yaml", Rows, $"rows: {{ a: loan, p: {{ from: {list} }} }}");
        var faults = new List<PackDiagnostic>();

        PackLoading.TryLoad(pack.Folder, null, faults).Should().BeNull();

        faults.Should().Contain(f => f.File == "intents.yaml" && f.Line == 1 && f.Reason == $"the pack has no file {list}");
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_text()
    {
        using var pack = new TinyPack();
        var before = pack.Load();
        foreach (var file in new[] { "policy.md", "intents.yaml", "titles.txt" })
            pack.Put(file, "\uFEFF" + before.Sources.TextOf(file));

        var after = pack.Load();

        after.Policy.Text.Should().Be(before.Policy.Text);
        after
            .Base.Tables.SelectMany(t => t.Rows)
            .Select(r => r.Values)
            .Should()
            .Equal(before.Base.Tables.SelectMany(t => t.Rows).Select(r => r.Values));
    }

    [Fact]
    public void A_copy_with_other_line_ends_or_byte_order_marks_is_the_same_pack()
    {
        using var pack = new TinyPack();
        var before = pack.Load();
        foreach (var (path, content) in before.Sources.Files)
            File.WriteAllBytes(
                Path.Combine(pack.Folder, path),
                [
                    .. Encoding.UTF8.Preamble,
                    .. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("\n", "\r\n", StringComparison.Ordinal)),
                ]
            );

        var after = pack.Load();

        after.Sources.Files[0].Content.Should().NotEqual(before.Sources.Files[0].Content);
        after.Hash.Should().Be(before.Hash);
    }

    [Fact]
    public void A_run_whose_pack_was_hashed_as_it_stood_keeps_that_hash()
    {
        using var pack = new TinyPack();
        var plain = pack.Load();
        File.WriteAllText(Path.Combine(pack.Folder, "policy.md"), plain.Policy.Text.Replace("\n", "\r\n", StringComparison.Ordinal));
        var asItStands = AsItStands(pack.Load());

        PackLoading.Load(pack.Folder, known: asItStands).Hash.Should().Be(asItStands).And.NotBe(plain.Hash);
        PackLoading.Load(pack.Folder, known: new string('0', 64)).Hash.Should().Be(plain.Hash);
    }

    // The hash before line endings were normalised: every file by path, length and bytes, then every row.
    private static string AsItStands(Pack pack)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in pack.Sources.Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        foreach (var table in pack.Base.Tables)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{table.Name}\0"));
            foreach (var row in table.Rows)
                hash.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\0{row.Values}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
