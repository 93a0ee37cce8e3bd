using System.Net;
using System.Net.Sockets;
using ConvoSynth.Cluster.Silos;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Tests;

/// <summary>Rows of silos that died at once, before a silo joins.</summary>
public sealed class DeadRows
{
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_row_that_nothing_renews_behind_a_port_that_refuses_is_of_a_dead_silo()
    {
        var table = new Table(FreePort()) { IsRenewed = false };

        (await Clear(table)).Should().BeFalse();
        table.Status.Should().Be(SiloStatus.Dead);
        table.Waited.Should().BeGreaterThan(AliveEvery * 2).And.BeLessThan(StaleAfter);
    }

    [Fact]
    public async Task A_row_that_is_renewed_stays_though_a_firewall_refuses_this_machine()
    {
        var table = new Table(FreePort()) { IsRenewed = true };

        await Clear(table);

        table.Status.Should().Be(SiloStatus.Active);
        table.Waited.Should().BeGreaterThan(StaleAfter - TimeSpan.FromSeconds(1), "it is looked at for all that time");
    }

    [Fact]
    public async Task A_silo_that_listens_lives_whatever_its_row_says()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var table = new Table(((IPEndPoint)listener.LocalEndpoint).Port) { IsRenewed = false };

        (await Clear(table)).Should().BeTrue();
        table.Status.Should().Be(SiloStatus.Active);
    }

    private static Task<bool> Clear(Table table) => new DeadSilos(table, table.Time, AliveEvery, StaleAfter).Clear(CancellationToken.None);

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    // Each look at the clock takes it on, and a pause between two looks does not wait; a time-out of a connection does.
    private sealed class HastyTime : FakeTimeProvider
    {
        public HastyTime() => AutoAdvanceAmount = TimeSpan.FromMilliseconds(100);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }

    // The membership table with one row.
    private sealed class Table(int port) : IMembershipTable
    {
        private readonly SiloAddress _silo = SiloAddress.New(IPAddress.Loopback, port, 1);
        private DateTime _alive;
        private DateTimeOffset? _began;

        public HastyTime Time { get; } = new();

        public required bool IsRenewed { get; init; }

        public SiloStatus Status { get; private set; } = SiloStatus.Active;

        public TimeSpan Waited { get; private set; }

        public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

        public Task<MembershipTableData> ReadAll()
        {
            var now = Time.GetUtcNow();
            Waited = now - (_began ??= now);
            if (IsRenewed)
                _alive = now.UtcDateTime;
            var entry = new MembershipEntry
            {
                SiloAddress = _silo,
                Status = Status,
                IAmAliveTime = _alive,
            };
            return Task.FromResult(new MembershipTableData([Tuple.Create(entry, "row")], new(1, "table")));
        }

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
        {
            Status = entry.Status;
            return Task.FromResult(true);
        }

        public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

        public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

        public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
    }
}
