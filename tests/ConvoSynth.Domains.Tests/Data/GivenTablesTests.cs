using System.Text;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Data;

/// <summary>Tables read from a folder: <c>--data</c>.</summary>
public sealed class GivenTablesTests : IDisposable
{
    private readonly TinyPack _pack = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("tiny-data-");

    public void Dispose()
    {
        _pack.Dispose();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData(
        "\"fines\":2.5",
        "\"fines\":null",
        "the row M1 of members: fines is missing or null, and in the pack's own data every row has it"
    )]
    [InlineData(",\"fines\":2.5", "", "the row M1 of members: fines is missing or null, and in the pack's own data every row has it")]
    [InlineData("\"fines\":2.5", "\"fines\":\"0\"", "the row M1 of members: fines is \"0\", which is no number (type money)")]
    [InlineData("\"card_no\":\"1\"", "\"card_no\":1", "the row M1 of members: card_no is 1, which is no text (type id)")]
    public void A_value_that_is_no_value_of_its_field_is_named_with_file_table_row_and_field(string old, string planted, string reason)
    {
        Write(Member.Replace(old, planted, StringComparison.Ordinal), Loan);
        Faults().Should().ContainSingle().Which.ToString().Should().Be($"{Path.Combine(_data.FullName, "members.json")}: {reason}");
    }

    [Theory]
    [InlineData("2031-03-05", "2031-3-5", "due is \"2031-3-5\", which is no date such as 2031-03-04")]
    [InlineData("\"renewals\":0", "\"renewals\":0.5", "renewals is 0.5, which is no whole number (type count)")]
    [InlineData("\"reserved\":false", "\"reserved\":0", "reserved is 0, which is not true or false (type flag)")]
    public void So_is_one_of_another_table(string old, string planted, string reason)
    {
        Write(Member, Loan.Replace(old, planted, StringComparison.Ordinal));
        Faults()
            .Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Be($"{Path.Combine(_data.FullName, "loans.json")}: the row L1 of loans: {reason}");
    }

    [Fact]
    public void What_may_be_empty_in_the_packs_own_data_may_be_so_in_other_data()
    {
        _pack.With("data.yaml", "due: day(-21..21)", "due: maybe(50%, day(-21..21))");
        Write(Member, Loan.Replace("\"2031-03-05\"", "null", StringComparison.Ordinal));
        Faults().Should().BeEmpty();
    }

    [Fact]
    public void A_byte_order_mark_is_read_past()
    {
        Write("\uFEFF" + Member, "\uFEFF" + Loan);
        PackLoading.Load(_pack.Folder, _data.FullName).Base["loans"].Rows.Should().ContainSingle();
    }

    private const string Member = """{"M1":{"member_id":"M1","card_no":"1","surname":"Ng","fines":2.5}}""";

    private const string Loan =
        """{"L1":{"loan_id":"L1","member_id":"M1","title":"Salt","due":"2031-03-05","renewals":0,"reserved":false}}""";

    private void Write(string members, string loans)
    {
        File.WriteAllBytes(Path.Combine(_data.FullName, "members.json"), Encoding.UTF8.GetBytes(members));
        File.WriteAllBytes(Path.Combine(_data.FullName, "loans.json"), Encoding.UTF8.GetBytes(loans));
    }

    private List<PackDiagnostic> Faults()
    {
        var faults = new List<PackDiagnostic>();
        PackLoading.TryLoad(_pack.Folder, _data.FullName, faults);
        return faults;
    }
}
