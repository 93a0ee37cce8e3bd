using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal;

/// <summary>How the rehearsal model plays.</summary>
public sealed record RehearsalOptions
{
    private readonly double _faultRate;
    private readonly double _errorRate;
    private readonly TimeSpan _latency;
    private readonly ImmutableArray<string> _faultKinds = Faults.FaultKinds.Drawn;

    /// <summary>The share of dialogues with a planted fault of the agent or the human.</summary>
    /// <value>0 by default; from 0 to 1.</value>
    public double FaultRate
    {
        get => _faultRate;
        init =>
            _faultRate = value is >= 0 and <= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(FaultRate), value, "FaultRate is a share from 0 to 1");
    }

    /// <summary>The share of the dialogues without a planted fault in which a call of the agent fails and the agent recovers.</summary>
    /// <value>0 by default; from 0 to 1.</value>
    public double ErrorRate
    {
        get => _errorRate;
        init =>
            _errorRate = value is >= 0 and <= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(ErrorRate), value, "ErrorRate is a share from 0 to 1");
    }

    /// <summary>Whether the agent writes a thought before each call.</summary>
    /// <value>False by default.</value>
    public bool Thoughts { get; init; }

    /// <summary>The kinds of faults to draw from, in any order.</summary>
    /// <value><see cref="Faults.FaultKinds.Drawn"/> by default; at least one of <see cref="Faults.FaultKinds.OfRoles"/>.</value>
    public ImmutableArray<string> FaultKinds
    {
        get => _faultKinds;
        init
        {
            if (value.IsDefaultOrEmpty)
                throw new ArgumentException("FaultKinds needs at least one kind; set FaultRate to 0 for none", nameof(FaultKinds));
            foreach (var kind in value)
            {
                if (!Faults.FaultKinds.OfRoles.Contains(kind, StringComparer.Ordinal))
                    throw new ArgumentException(
                        $"FaultKinds names \"{kind}\", which is none of {string.Join(", ", Faults.FaultKinds.OfRoles)}",
                        nameof(FaultKinds)
                    );
            }

            // A fixed order, so that the same set of kinds plants the same faults in whatever order the caller gives it.
            _faultKinds = [.. Faults.FaultKinds.OfRoles.Where(k => value.Contains(k, StringComparer.Ordinal))];
        }
    }

    /// <summary>Slice → the share of its dialogues in which the agent does what an agent of the slice must not do.</summary>
    /// <value>Empty by default: <see cref="FaultRate"/> alone plants faults.</value>
    public ImmutableArray<(string Slice, double Rate)> FailSlices { get; init; } = [];

    /// <summary>The simulated latency of each response.</summary>
    /// <value>Zero by default; up to one hour.</value>
    public TimeSpan Latency
    {
        get => _latency;
        init =>
            _latency =
                value >= TimeSpan.Zero && value <= TimeSpan.FromHours(1)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(Latency), value, "Latency is from zero to one hour");
    }
}
