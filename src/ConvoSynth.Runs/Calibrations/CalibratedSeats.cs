using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Calibrations;

/// <summary>A calibration that a spec names, and the bounds for its seats.</summary>
/// <param name="File">The report of <c>judges calibrate --out</c>.</param>
/// <param name="Bounds">Null: those of the report.</param>
public sealed record NamedCalibration(string File, JudgeBounds? Bounds);

/// <summary>Bars the seats of a run that do not reach the bounds.</summary>
public static class CalibratedSeats
{
    /// <summary>The roles with each seat below the bounds barred.</summary>
    /// <param name="endpoints">The run's endpoints: a seat's figures are those of one model.</param>
    /// <exception cref="RunException">The report is missing, or is not about a seat as it is now.</exception>
    public static RoleEndpoints Of(RoleEndpoints roles, ImmutableArray<EndpointSpec> endpoints, NamedCalibration named)
    {
        var report = CalibrationReport.Read(named.File);
        var bounds = named.Bounds ?? report.Bounds;
        return roles with { Judges = [.. roles.Judges.Select(s => s with { Barred = FiguresOf(s).Barred(bounds) })] };

        SeatFigures FiguresOf(SeatSpec seat)
        {
            var figures = report.Seats.FirstOrDefault(f => f.Name == seat.Name) ?? throw Stale(seat, "has no figures of it");
            var endpoint = endpoints.FirstOrDefault(e => e.Name == seat.Endpoint);
            if (figures.Endpoint != seat.Endpoint || (endpoint is not null && endpoint.Model != figures.Model))
                throw Stale(seat, $"is about the model {figures.Model} of the endpoint {figures.Endpoint}");
            if (figures.Rubric != seat.Rubric)
                throw Stale(seat, "is about another rubric");
            if (endpoint is not null && figures.Simulated != endpoint.Rehearsal)
                throw Stale(seat, $"is {(figures.Simulated ? "simulated by" : "not of")} the test endpoint");
            return figures;
        }

        RunException Stale(SeatSpec seat, string why) =>
            new($"the judge \"{seat.Name}\": the calibration {named.File} {why}; make it again with: convosynth judges calibrate");
    }
}
