using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using Microsoft.Extensions.Configuration;

namespace ConvoSynth.Cli.Commands;

/// <summary>A run as options and spec file describe it, checked before anything is written or sent.</summary>
internal sealed class PreparedRun
{
    public static readonly Option<string?> SpecFile = new("--spec")
    {
        Description =
            "A run spec (YAML): the options of this command, the model endpoints, and who plays which role. "
            + "Options given here win over it.",
    };
    public static readonly Option<string> Model = new("--model")
    {
        Description = "Who plays human and agent: rehearsal, the built-in scripted model, or endpoints, those of --spec.",
        DefaultValueFactory = _ => "rehearsal",
    };

    public static readonly Option<bool> NoProbe = new("--no-probe")
    {
        Description = "Begin without asking each endpoint once whether its settings are right.",
    };
    public static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with the run in the folder; what is committed is not done again.",
    };

    private readonly RunValues _values;
    private readonly string? _file;

    private PreparedRun(RunValues values, RunSpec spec, string? file, IConfiguration configuration)
    {
        (_values, _file, Spec, Configuration) = (values, file, spec, configuration);
        Work = new(values.Concurrency) { Budget = values.BudgetFor(spec) };
    }

    /// <summary>Without the hashes of its packs and prompts.</summary>
    public RunSpec Spec { get; }

    public CampaignWork Work { get; }

    public IConfiguration Configuration { get; }

    /// <exception cref="CommandException">An option or a field of the spec is out of range, or two of them do not go together.</exception>
    public static PreparedRun Of(ParseResult parsed, string runId)
    {
        var shared = parsed.GetValue(CommonOptions.Config);
        return Of(parsed, runId, parsed.GetValue(SpecFile), shared ?? SiloConfiguration.DefaultFile, SiloConfiguration.Read(shared));
    }

    /// <summary>A run for a cluster.</summary>
    /// <param name="file">The spec file; null for none.</param>
    /// <param name="cluster">The cluster's configuration, which may have endpoints of several runs.</param>
    /// <exception cref="CommandException">An option or a field of the spec is out of range, or two of them do not go together.</exception>
    public static PreparedRun Of(ParseResult parsed, string runId, string? file, string cluster) =>
        Of(parsed, runId, file, cluster, SiloConfiguration.ReadCluster(cluster));

    /// <summary>The command line that plays the same rows again.</summary>
    /// <param name="spec">With the number of dialogues that the run has.</param>
    public string CommandLine(RunSpec spec)
    {
        var from = _file is null ? "" : $" --spec {Path.GetFileName(_file)}";
        var domains = string.Concat(spec.Domains.Select(d => $" --domain {d}"));
        var tasks = spec.Blueprints is { } file ? $" --blueprints {Path.GetFileName(file)}" : "";
        var excluded = string.Concat((spec.ExcludeTasks ?? []).Select(f => $" --exclude-tasks {Path.GetFileName(f)}"));
        var errors = spec.ErrorRate > 0 ? string.Create(CultureInfo.InvariantCulture, $" --error-rate {spec.ErrorRate}") : "";
        var combined = spec.Combined > 0 ? string.Create(CultureInfo.InvariantCulture, $" --combined {spec.Combined}") : "";
        var recombined = spec.Recombine > 0 ? string.Create(CultureInfo.InvariantCulture, $" --recombine {spec.Recombine}") : "";
        var slices = spec.Slices is { } shares ? $" --slices {shares}" : "";
        var rounds = spec.Rounds > 1 ? string.Create(CultureInfo.InvariantCulture, $" --rounds {spec.Rounds}") : "";
        var keep = spec.Keep is { } band ? $" --keep {band}" : "";
        var worlds = spec.HasWorlds
            ? string.Create(CultureInfo.InvariantCulture, $" --worlds {spec.Worlds} --partition-size {spec.PartitionSize}")
            : "";
        var needless = spec.MaxNeedless is { } most ? string.Create(CultureInfo.InvariantCulture, $" --max-needless {most}") : "";
        var proposer = spec.Proposals is { } proposals
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" --proposer {proposals.Endpoint} --proposal-rounds {proposals.Rounds} --proposal-share {proposals.Share}"
            )
            : "";
        var thoughts = spec.Thoughts ? " --thoughts" : "";
        var accept = spec.Accept == Profile.Strict ? "" : $" --accept {Profiles.NameOf(spec.Accept)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"convosynth generate{from}{domains}{tasks}{excluded} --count {spec.Count} --seed {spec.Seed} --fault-rate "
                + $"{spec.FaultRate}{errors}{combined}{recombined}{slices}{rounds}{keep}{worlds}{needless}{thoughts}{proposer}{accept}"
        );
    }

    /// <summary>The spec with the hashes of everything that the run plays from.</summary>
    public RunSpec Hashed(RunSetups setups)
    {
        var packs = setups.PacksFor(Spec);
        var spec = Spec with { PackHashes = [.. Spec.Domains.Select(d => $"{d} {packs[d].Hash}")] };
        if (setups.PromptsFor(spec) is { } prompts)
            spec = spec with { PromptHashes = PromptHashes.Of(prompts, spec.Roles) };
        var excluded = (spec.ExcludeTasks ?? []).Select((file, i) => $"{InputKind.Excluded(i)} {KeptInputs.HashOf(file)}");
        spec = spec with { PackHashes = [.. spec.PackHashes, .. excluded] };
        if (spec.Proposals is { Examples: { } examples })
            spec = spec with { PackHashes = [.. spec.PackHashes, $"{InputKind.Examples} {KeptInputs.HashOf(examples)}"] };
        if (spec.Blueprints is not { } byHand)
            return spec;
        var tasks = ByHandBlueprints.Read(spec, packs[spec.Domains[0]], File.ReadAllBytes(byHand));
        return spec with
        {
            Count = _values.Of(RunOptions.Count) ?? tasks.Tasks,
            PackHashes = [.. spec.PackHashes, $"{InputKind.Blueprints} {tasks.Hash}"],
        };
    }

    private static string? Problem(RunSpec spec)
    {
        if (spec.Problem() is { } problem)
            return problem;
        if (spec is { EarlyStop: true, MayStopEarly: false })
            return $"early_stop: true ends dialogues for checks that decide nothing under the profile {Profiles.NameOf(spec.Accept)}; "
                + "leave it out, or accept by strict or exact";
        if (spec.Domains.Length == 1)
            return null;
        if (spec.Data is not null)
            return $"--data goes with one --domain: it is the database of that domain; {spec.Domains.Length} are given";
        return spec.Blueprints is null
            ? null
            : $"--blueprints goes with one --domain: its tasks are about the rows of that domain; {spec.Domains.Length} are given";
    }

    /// <summary>A run whose judges are measured: all of them vote, whatever an earlier calibration found.</summary>
    /// <param name="bounds">The bounds that the spec names; null if it names none.</param>
    /// <exception cref="CommandException">A field of the spec is out of range, or two of them do not go together.</exception>
    public static PreparedRun ForCalibration(ParseResult parsed, string runId, string file, out JudgeBounds? bounds)
    {
        var shared = parsed.GetValue(CommonOptions.Config);
        var read = RunFile.Read(CommonOptions.ExistingFile(file, "--spec"));
        bounds = read.Calibration?.Bounds;
        var configuration = SiloConfiguration.Read(shared);
        return Of(parsed, runId, (file, read with { Calibration = null }), shared ?? SiloConfiguration.DefaultFile, configuration);
    }

    private static PreparedRun Of(ParseResult parsed, string runId, string? file, string shared, IConfiguration configuration)
    {
        var read = file is null ? RunFile.Empty : RunFile.Read(CommonOptions.ExistingFile(file, "--spec"));
        return Of(parsed, runId, (file, read), shared, configuration);
    }

    private static PreparedRun Of(
        ParseResult parsed,
        string runId,
        (string? Path, RunFile Read) file,
        string shared,
        IConfiguration configuration
    )
    {
        var values = new RunValues(parsed, file.Read);
        var spec = SpecOf(parsed, values, runId, shared);
        return Problem(spec) is { } problem ? throw new CommandException(problem) : new(values, spec, file.Path, configuration);
    }

    private static RunSpec SpecOf(ParseResult parsed, RunValues values, string runId, string shared)
    {
        var roles = values.File.Roles;
        var onEndpoints = roles is not null && !RunValues.IsGiven(parsed, Model);
        var model = onEndpoints ? EndpointSetup.ModelName : parsed.GetRequiredValue(Model);
        var spec = values.Spec(runId, model);
        var proposals = values.Proposals;
        if (model != EndpointSetup.ModelName)
            return proposals is null
                ? spec
                : throw new CommandException(
                    $"{ProposalOptions.Proposer.Name} needs endpoints, and the model {model} has none; give a spec with endpoints and roles"
                );
        var known = RunFile.SharedEndpoints(shared);
        if (roles is not null && values.File.Calibration is { } calibration)
            roles = CalibratedSeats.Of(roles, [.. values.File.Endpoints, .. known], calibration);
        if (roles is not null && proposals is not null)
            roles = roles with { Proposals = proposals };
        var endpoints = EndpointSetup.Named(roles, values.File.Endpoints, known);
        return spec with { Endpoints = endpoints, Roles = roles };
    }
}
