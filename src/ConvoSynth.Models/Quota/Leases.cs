using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Quota;

/// <summary>The limits of an account; null: unlimited.</summary>
public sealed record AccountLimits(int? RequestsPerMinute = null, long? TokensPerMinute = null, int? InFlight = null)
{
    /// <summary>The limits of an account: where its endpoints state different ones, the strictest hold.</summary>
    /// <param name="endpoints">All of a run.</param>
    public static AccountLimits Of(string account, IEnumerable<EndpointSpec> endpoints) =>
        endpoints
            .Where(e => e.AccountKey() == account)
            .Aggregate(new AccountLimits(), (all, e) => all.And(new(e.RequestsPerMinute, e.TokensPerMinute, e.InFlight)));

    /// <summary>The stricter of both, for each limit.</summary>
    public AccountLimits And(AccountLimits other) =>
        new(Min(RequestsPerMinute, other.RequestsPerMinute), Min(TokensPerMinute, other.TokensPerMinute), Min(InFlight, other.InFlight));

    private static T? Min<T>(T? a, T? b)
        where T : struct, IComparable<T> =>
        a is not { } x ? b
        : b is { } y && y.CompareTo(x) < 0 ? b
        : a;
}

/// <summary>An account as one holder knows it.</summary>
/// <param name="Holder">Unique for each process that ever lived.</param>
public sealed record HeldAccount(string Holder, string Account, AccountLimits Limits);

/// <summary>What a holder knows of the trial request that an account's half-open circuit allows.</summary>
public enum TrialState
{
    None,

    /// <summary>A request waits to be sent.</summary>
    Wanted,

    /// <summary>The request is on its way.</summary>
    Running,
}

/// <summary>
/// A holder's call to the owner of an account: renews what it holds, asks for more, and reports. A call that arrives twice or late changes
/// nothing, since totals and numbers only grow.
/// </summary>
/// <param name="Holder">Unique for each process that ever lived.</param>
/// <param name="Number">Grows with each call of the holder.</param>
public sealed record LeaseCall(string Holder, long Number, AccountLimits Limits)
{
    /// <summary>Requests wanted beyond those held.</summary>
    public int Requests { get; init; }

    /// <summary>Tokens wanted beyond those held.</summary>
    public long Tokens { get; init; }

    /// <summary>Requests leased and not yet sent.</summary>
    public int HeldRequests { get; init; }

    /// <summary>Permits of requests in flight that are held, used or not.</summary>
    public int Permits { get; init; }

    /// <summary>Permits that the holder could use now: requests in flight and waiting.</summary>
    public int Demand { get; init; }

    /// <summary>All answers so far.</summary>
    public long Answered { get; init; }

    /// <summary>All failures so far that mean an absent server.</summary>
    public long Failed { get; init; }

    public TrialState Trial { get; init; }
}

/// <summary>What an owner says of an account's circuit.</summary>
public enum CircuitState
{
    Closed,
    Open,

    /// <summary>Half-open: this holder may send one request, which decides.</summary>
    Trial,
}

/// <summary>The owner's answer: all that the holder has from now on.</summary>
/// <param name="Requests">Requests granted beyond those held, from 0 to the requested number.</param>
/// <param name="Tokens">Tokens granted beyond those held, from 0 to the requested number.</param>
/// <param name="Permits">Permits of requests in flight, in total. Fewer than held: the holder sends none until enough have ended.</param>
/// <param name="AskAgain">When the rest may be available; zero if all was granted.</param>
/// <param name="OpenFor">How long an open circuit stays open.</param>
public sealed record Lease(int Requests, long Tokens, int Permits, TimeSpan AskAgain, CircuitState Circuit, TimeSpan OpenFor);

/// <summary>The owners of accounts: in this process, or grains of the cluster.</summary>
public interface IAccountLeases
{
    LeaseTimes Times { get; }

    /// <summary>Renews and leases; never waits for quota.</summary>
    ValueTask<Lease> Lease(string account, LeaseCall call, CancellationToken cancellationToken);
}
