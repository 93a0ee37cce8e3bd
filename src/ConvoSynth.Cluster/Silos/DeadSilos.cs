using System.Net;
using System.Net.Sockets;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>
/// Silos that died all at once leave rows in the membership table that no survivor can correct, and a silo that joins waits minutes for
/// them. This clears them before a join: a silo is dead if its machine refuses connections to its port and its row stays as it is while
/// a living silo would have renewed it twice. The refusal alone does not decide: a firewall before this machine refuses as well.
/// </summary>
/// <param name="aliveEvery">How often a living silo renews its row.</param>
/// <param name="staleAfter">The age at which Orleans ignores a row in a join.</param>
internal sealed class DeadSilos(IMembershipTable table, TimeProvider time, TimeSpan aliveEvery, TimeSpan staleAfter)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // The time in a row, and when this machine first saw it there: clocks of machines are not compared.
    private readonly Dictionary<SiloAddress, (DateTime Written, long Seen)> _rows = [];

    private int _living;

    /// <summary>Returns when no row of a dead silo can hold up a join, within <c>staleAfter</c> and a few seconds.</summary>
    /// <returns>Whether other silos live.</returns>
    public async Task<bool> Clear(CancellationToken cancellationToken)
    {
        await table.InitializeMembershipTableAsync(true, cancellationToken);
        var began = time.GetTimestamp();
        while (true)
        {
            _living = 0;
            if (!await IsHeldUp(await table.ReadAllAsync(cancellationToken), cancellationToken) || time.GetElapsedTime(began) > staleAfter)
                return _living > 0;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <returns>Whether a row that may be of a dead silo is too fresh to be ignored.</returns>
    private async Task<bool> IsHeldUp(MembershipTableData data, CancellationToken cancellationToken)
    {
        var isHeldUp = false;
        foreach (var (entry, etag) in data.Members.Where(m => m.Item1.Status == SiloStatus.Active))
        {
            switch (await Probe(entry.SiloAddress.Endpoint, cancellationToken))
            {
                case SocketError.Success:
                    _living++;
                    continue;
                case SocketError.ConnectionRefused when !IsUnchanged(entry):
                    isHeldUp = true;
                    break;
                case SocketError.ConnectionRefused:
                    entry.Status = SiloStatus.Dead;
                    // Fails if another silo changed the table; then the next look finds what it wrote.
                    await table.UpdateRowAsync(entry, etag, data.Version.Next(), cancellationToken);
                    return true;
                default:
                    // The machine is gone, or the network is: only time tells.
                    isHeldUp |= time.GetUtcNow().UtcDateTime - Latest(entry) < staleAfter;
                    break;
            }
        }

        return isHeldUp;
    }

    private bool IsUnchanged(MembershipEntry entry)
    {
        if (!_rows.TryGetValue(entry.SiloAddress, out var row) || row.Written != Latest(entry))
            _rows[entry.SiloAddress] = row = (Latest(entry), time.GetTimestamp());
        return time.GetElapsedTime(row.Seen) > aliveEvery * 2;
    }

    private static DateTime Latest(MembershipEntry entry) => entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;

    private async Task<SocketError> Probe(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SocketError.TimedOut;
        }
    }
}
