namespace ConvoSynth.Domains.Tests.Library;

public sealed class LibraryPackTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly string Folder = Repository.Folder("blueprints/library");

    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(Folder));

    private static readonly Lazy<AcceptanceReport> Accepted = new(() => PackAcceptance.Run(Folder));

    private static Pack Library => Loaded.Value;

    [Fact]
    public void It_is_accepted()
    {
        output.WriteLine(Accepted.Value.ToString());
        Accepted.Value.Faults.Should().BeEmpty();
    }

    [Fact]
    public void It_loads_with_its_own_data()
    {
        Library.Base["members"].Rows.Should().HaveCount(300);
        Library.Base["loans"].Rows.Count.Should().BeInRange(700, 1100);
        Library.Base["titles"].Rows.Count.Should().BeGreaterThan(250);
    }
}
