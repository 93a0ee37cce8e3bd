using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>Holders of accounts and circuits that tests start from.</summary>
internal static class Accounts
{
    public static AccountHolder Holder(
        TimeProvider time,
        AccountLimits? limits = null,
        IAccountLeases? leases = null,
        string name = "holder"
    ) =>
        new(
            new(name, "account", limits ?? new()),
            leases ?? new LocalAccounts(time, new() { Share = 1 }),
            new(),
            time,
            NullLogger.Instance
        );

    /// <summary>An endpoint behind the circuit of an account of its own.</summary>
    public static CircuitEndpoint Circuit(IEndpoint inner, CircuitOptions options, TimeProvider time) =>
        new(inner, Holder(time, leases: new LocalAccounts(time, circuit: options)), options, time);
}
