using System.Globalization;
using System.Runtime.InteropServices;

namespace ConvoSynth.Runs.Storage;

/// <summary>Finds out which process holds a file, so that a person can look at it or end it.</summary>
internal static class LockHolder
{
    private const string InodeField = "ino:";

    /// <returns>The process, in words; on other systems than Linux, and for a holder on another machine, without its id.</returns>
    public static string Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && ProcessOf(InodeOf(path)) is { } process
                ? $"the process {process} of this machine"
                : "another process, perhaps on another machine";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    // .NET's own way to open a file locks it, and so fails here.
    private static string? InodeOf(string path)
    {
        var file = NativeOpen(path, 0);
        if (file < 0)
            return null;
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{file}"))
                .FirstOrDefault(l => l.StartsWith(InodeField, StringComparison.Ordinal))
                ?[InodeField.Length..].Trim();
        }
        finally
        {
            _ = NativeClose(file);
        }
    }

    // A line is "1: FLOCK  ADVISORY  WRITE 4711 08:01:131077 0 EOF": process, then device and inode.
    private static string? ProcessOf(string? inode) =>
        inode is null
            ? null
            : File.ReadLines("/proc/locks")
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(l => l.Length > 5 && l[1] == "FLOCK" && l[5].EndsWith($":{inode}", StringComparison.Ordinal))
                .Select(l => l[4])
                .FirstOrDefault(p => int.TryParse(p, CultureInfo.InvariantCulture, out var id) && id > 0);

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int descriptor);
}
