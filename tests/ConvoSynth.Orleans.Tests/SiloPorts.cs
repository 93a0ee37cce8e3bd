using System.Net;
using System.Net.Sockets;
using ConvoSynth.Grains.Hosting;

namespace ConvoSynth.Orleans.Tests;

/// <summary>Orleans' sockets reuse addresses: only a held port belongs to one silo.</summary>
public sealed class SiloPorts
{
    [Fact]
    public void Each_silo_has_a_port_of_its_own()
    {
        using var one = SiloPort.Take();
        using var two = SiloPort.Take();

        two.Number.Should().NotBe(one.Number);
    }

    [Fact]
    public void A_port_on_which_a_socket_listens_that_shares_its_address_is_not_taken()
    {
        var free = SiloPort.Take();
        var number = free.Number;
        free.Dispose();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, number));
        listener.Listen(1);

        using var taken = SiloPort.Take();

        taken.Number.Should().NotBe(number);
    }

    [Fact]
    public void A_port_is_free_again_when_its_silo_has_ended()
    {
        var first = SiloPort.Take();
        first.Dispose();

        using var second = SiloPort.Take();

        second.Number.Should().Be(first.Number);
    }
}
