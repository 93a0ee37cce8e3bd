using Microsoft.Extensions.Configuration;

namespace ConvoSynth.Cli.Hosting;

/// <summary>
/// The configuration of a command's silo: the section <c>Orleans</c> of a file, overridden by environment variables
/// (<c>Orleans__Messaging__ResponseTimeout</c>).
/// </summary>
internal static class SiloConfiguration
{
    /// <summary>Read from the working folder if no other file is named.</summary>
    public const string DefaultFile = "orleans.config.json";

    /// <param name="path">The file; null for <see cref="DefaultFile"/>, which may be missing.</param>
    /// <exception cref="CommandException">The named file is missing, a file is no JSON object, or it configures a cluster.</exception>
    public static IConfiguration Read(string? path)
    {
        var configuration = Load(path, "--config", isOptional: path is null);
        // Two commands in one cluster would run each other's partitions, each into its own folder.
        if (configuration.GetSection("Orleans:Clustering").Exists())
            throw new CommandException(
                $"{path ?? DefaultFile} or an environment variable has Orleans:Clustering, but a run is played by a silo of "
                    + "its own in this process: remove that section"
            );
        return configuration;
    }

    /// <summary>The configuration of a cluster.</summary>
    /// <exception cref="CommandException">The file is missing or no JSON object.</exception>
    public static IConfiguration ReadCluster(string path) => Load(path, "--cluster or --config", isOptional: false);

    private static IConfigurationRoot Load(string? path, string option, bool isOptional)
    {
        if (!isOptional && !File.Exists(path))
            throw new CommandException($"the file {path} of {option} does not exist");
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(path ?? DefaultFile), optional: isOptional, reloadOnChange: false)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new CommandException($"{path ?? DefaultFile} is no JSON object: {(e.InnerException ?? e).Message}");
        }
    }
}
