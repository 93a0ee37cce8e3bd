using System.Net;
using System.Net.Sockets;

namespace ConvoSynth.Grains.Hosting;

/// <summary>
/// A loopback port on which only this process listens. Orleans' sockets reuse addresses, so two silos on one port see no error, and each
/// receives some of the other's connections. A probe without reuse detects a listener; a lock file, held as long as the silo, excludes
/// processes that are about to listen.
/// </summary>
public sealed class SiloPort : IDisposable
{
    /// <summary>Below the ephemeral ports of operating systems (Linux: from 32768; Windows and macOS: from 49152).</summary>
    private const int First = 21_000;

    private const int Count = 8_000;

    private readonly FileStream _lock;

    private SiloPort(int number, FileStream held) => (Number, _lock) = (number, held);

    public int Number { get; }

    /// <summary>Takes a free port and holds it until disposal or the end of the process.</summary>
    /// <exception cref="IOException">All 8,000 ports are taken, or the folder for temporary files is not writable.</exception>
    public static SiloPort Take()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"convosynth-ports-{Environment.UserName}")).FullName;
        for (var i = 0; i < Count; i++)
        {
            // Processes start at different ports, so that few contend for a lock.
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

    // The file stays: if it were deleted while another process opens it, two processes could lock two files of one name.
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
