using ConvoSynth.Core;

namespace ConvoSynth.Domains.Tests.Library;

public sealed class LibraryPackTests
{
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(Repository.Folder("blueprints/library")));

    private static Pack Library => Loaded.Value;

    [Fact]
    public void It_loads_with_its_own_data()
    {
        Library.Base["members"].Rows.Should().HaveCount(300);
        Library.Base["loans"].Rows.Count.Should().BeInRange(700, 1100);
        Library.Base["titles"].Rows.Count.Should().BeGreaterThan(250);
        foreach (var t in Library.Base.Tables) Console.WriteLine($"{t.Name} {t.Rows.Count} {t.Rows[1].Values}");
        foreach (var t in Library.Tools.All) Console.WriteLine($"{t.Name} {t.Definition}");
    }
}
