using System.Globalization;
using ConvoSynth.Core.Campaigns;
using YamlDotNet.RepresentationModel;

namespace ConvoSynth.Runs.Rounds;

/// <summary>Writes the spec of the next round: what the earlier run had, with other shares and the next seed.</summary>
public static class NextSpec
{
    /// <summary>The text of a spec file.</summary>
    /// <param name="earlier">The spec of the latest earlier run.</param>
    /// <param name="slices">The shares, as <see cref="SliceShares.Spell"/> writes them.</param>
    /// <param name="basis">The text of a spec file whose other fields are kept; null: those of the earlier run, without endpoints.</param>
    /// <param name="keep">The keep-band that the spec names; null: none.</param>
    /// <exception cref="RunException">The basis is not one YAML map.</exception>
    public static string Of(RunSpec earlier, string slices, string? basis, KeepBand? keep = null)
    {
        var root = basis is null ? Fields(earlier) : Read(basis);
        root.Children[new YamlScalarNode("seed")] = new YamlScalarNode(Text(earlier.Seed + 1));
        var shares = new YamlMappingNode();
        foreach (var part in slices.Split(','))
            shares.Add(part[..part.IndexOf('=', StringComparison.Ordinal)], part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        root.Children[new YamlScalarNode("slices")] = shares;
        if (keep is not null)
            root.Children[new YamlScalarNode("keep")] = new YamlScalarNode(keep.ToString());
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    private static YamlMappingNode Read(string basis)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(basis));
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new RunException($"the basis is no YAML: line {e.Start.Line}: {e.Message}");
        }

        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new RunException("the basis is no map of options");
    }

    private static YamlMappingNode Fields(RunSpec spec)
    {
        var root = new YamlMappingNode { { "domains", new YamlSequenceNode(spec.Domains.Select(d => new YamlScalarNode(d))) } };
        root.Add("count", Text(spec.Count));
        foreach (
            var (name, value) in (ReadOnlySpan<(string, double)>)
                [
                    ("fault_rate", spec.FaultRate),
                    ("error_rate", spec.ErrorRate),
                    ("combined", spec.Combined),
                    ("worlds", spec.Worlds),
                    ("rounds", spec.Rounds),
                ]
        )
        {
            if (value > 0)
                root.Add(name, value.ToString(CultureInfo.InvariantCulture));
        }

        return root;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
