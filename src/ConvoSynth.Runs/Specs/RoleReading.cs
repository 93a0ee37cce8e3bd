using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Calibrations;

namespace ConvoSynth.Runs.Specs;

/// <summary>Parses the roles of a spec.</summary>
internal static class RoleReading
{
    public static RoleEndpoints Roles(YamlPart part)
    {
        part.Only("human", "agent", "writer", "judges", "committee", "human_candidates", "keep_sampled_words");
        var seats = Seats(part["judges"]);
        return new()
        {
            Human = part.Require("human")?.Text ?? "",
            Agent = part.Require("agent")?.Text ?? "",
            Writer = part["writer"]?.Text,
            Judges = seats,
            Committee =
                part["committee"] is { } committee ? Committee(committee)
                : seats.IsEmpty ? null
                : new(),
            HumanCandidates = part.IntOf("human_candidates", 1),
            KeepSampledWords = part.FlagOf("keep_sampled_words"),
        };
    }

    /// <summary>The calibration under <c>committee</c>; null if there is none.</summary>
    public static NamedCalibration? Calibration(YamlPart roles, string folder)
    {
        if (roles["committee"] is not { } part || part["calibration"] is not { } file)
            return null;
        var path = Path.GetRelativePath(".", Path.Combine(folder, file.Text));
        var (sensitivity, specificity) = (Share(part, "min_sensitivity"), Share(part, "min_specificity"));
        return new(
            path,
            sensitivity is null && specificity is null
                ? null
                : new(sensitivity ?? JudgeBounds.Usual.Sensitivity, specificity ?? JudgeBounds.Usual.Specificity)
        );
    }

    private static CommitteeSpec Committee(YamlPart part)
    {
        part.Only("blueprints", "full_share", "calibration", "min_sensitivity", "min_specificity");
        if (part["calibration"] is null && (part["min_sensitivity"] ?? part["min_specificity"]) is { } bound)
            bound.Fail("a bound for judges needs their figures; name them with `calibration`");
        var usual = new CommitteeSpec();
        return new() { Blueprints = part.FlagOf("blueprints"), FullShare = Share(part, "full_share") ?? usual.FullShare };
    }

    private static double? Share(YamlPart part, string key)
    {
        if (part[key] is not { } given || given.Fraction() is not { } value)
            return null;
        if (RunBounds.Share.Problem(key, value) is { } problem)
            given.Fail(problem);
        return value;
    }

    private static ImmutableArray<SeatSpec> Seats(YamlPart? part)
    {
        if (part is null)
            return [];
        if (part.IsScalar)
            return [part.Text];
        return [.. part.Items.Select(Seat)];
    }

    private static SeatSpec Seat(YamlPart part)
    {
        if (!part.IsMap)
            return part.Text;
        part.Only("name", "endpoint", "rubric");
        var endpoint = part.Require("endpoint")?.Text ?? "";
        return new(part["name"]?.Text ?? endpoint, endpoint) { Rubric = part["rubric"]?.Text.Trim() };
    }
}
