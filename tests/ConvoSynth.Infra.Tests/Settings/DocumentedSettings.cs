using System.Text.RegularExpressions;
using ConvoSynth.Cluster;

namespace ConvoSynth.Infra.Tests.Settings;

/// <summary>The page about clusters tells of every setting, and its configurations can be read.</summary>
public sealed partial class DocumentedSettings
{
    private static readonly string Page = File.ReadAllText(RepositoryRoot.At("docs", "cluster.md"));

    [Fact]
    public void Every_configuration_of_the_page_is_read()
    {
        var blocks = Block().Matches(Page).Select(m => m.Groups[1].Value).ToArray();

        blocks.Should().NotBeEmpty();
        blocks.Should().OnlyContain(b => Configurations.Settings(b).Redis.Length > 0 && !Configurations.Unknown(b).Any());
    }

    [Fact]
    public void Every_setting_has_its_row()
    {
        var rows = Row().Matches(Page).SelectMany(m => Code().Matches(m.Groups[1].Value)).Select(m => m.Groups[1].Value);

        string[] ids = [nameof(ClusterSettings.ServiceId), nameof(ClusterSettings.ClusterId)];
        rows.Should().Contain(typeof(ClusterSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name).Except(ids));
    }

    [Fact]
    public void A_misspelt_setting_is_found()
    {
        Configurations.Unknown("""{"ConvoSynth": {"Cluster": {"Redis": "a:1", "HttpPrt": 1}}}""").Should().Equal("HttpPrt");
        Configurations
            .Unknown(["ConvoSynth__Cluster__Address", "ConvoSynth__Cluster__Adress", "REDIS_PASSWORD"])
            .Should()
            .Equal("ConvoSynth__Cluster__Adress");
    }

    [GeneratedRegex("^```json[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
