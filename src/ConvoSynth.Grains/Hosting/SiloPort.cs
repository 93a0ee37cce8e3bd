using System.Net;
using System.Net.Sockets;

namespace ConvoSynth.Grains.Hosting;

/// <summary>
/// A loopback port that this process alone listens on. Orleans' sockets reuse addresses, so that two silos can listen on one port without an error and each gets some of the
/// other's connections. A probe without reuse finds ports that others listen on; a lock file, held as long as the silo, keeps out processes that are about to.
/// </summary>
public sealed class SiloPort : IDisposable
{
    /// <summary>Below the ports that operating systems give to outgoing connections (Linux: from 32768; Windows and macOS: from 49152).</summary>
    private const int First = 21_000;

    private const int Count = 8_000;

    private readonly FileStream _lock;

    private SiloPort(int number, FileStream held) => (Number, _lock) = (number, held);

    public int Number { get; }

    /// <summary>Takes a port that is free, and stays so until this is disposed of or the process ends.</summary>
    /// <exception cref="IOException">None of 8,000 ports is free, or the folder for temporary files cannot be written.</exception>
    public static SiloPort Take()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"convosynth-ports-{Environment.UserName}")).FullName;
        for (var i = 0; i < Count; i++)
        {
            // Processes begin at different places, so that few meet a lock.
            var number = First + ((Environment.ProcessId + i) % Count);
            if (Lock(Path.Combine(folder, $"{number}.lock")) is not { } held)
                continue;
            if (IsFree(number))
                return new(number, held);
            held.Dispose();
        }

        throw new IOException($"none of the ports {First} to {First + Count - 1} is free on this machine: a silo needs one to listen on");
    }

    public void Dispose() => _lock.Dispose();

    // The file stays: to delete it while another process opens it would let two hold locks on two files of one name.
    private static FileStream? Lock(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static bool IsFree(int number)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, number));
            probe.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
