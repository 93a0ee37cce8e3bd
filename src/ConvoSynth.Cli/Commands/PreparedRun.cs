using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Grains;
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

    private readonly RunValues _values;

    private PreparedRun(RunValues values, RunSpec spec, IConfiguration configuration)
    {
        (_values, Spec, Configuration) = (values, spec, configuration);
        Work = new(values.Concurrency) { Budget = values.BudgetFor(spec) };
    }

    /// <summary>Without the hashes of its packs and prompts.</summary>
    public RunSpec Spec { get; }

    public CampaignWork Work { get; }

    public IConfiguration Configuration { get; }

    /// <exception cref="CommandException">An option or a field of the spec is out of range, or two of them do not go together.</exception>
    public static PreparedRun Of(ParseResult parsed, string runId)
    {
        var configuration = SiloConfiguration.Read(parsed.GetValue(CommonOptions.Config));
        var file = parsed.GetValue(SpecFile) is { } path ? RunFile.Read(CommonOptions.ExistingFile(path, "--spec")) : RunFile.Empty;
        var values = new RunValues(parsed, file);
        var spec = SpecOf(parsed, values, runId);
        if (Problem(spec) is { } problem)
            throw new CommandException(problem);
        return new(values, spec, configuration);
    }

    /// <summary>The spec with the hashes of everything that the run plays from.</summary>
    public RunSpec Hashed(RunSetups setups)
    {
        var packs = setups.PacksFor(Spec);
        var spec = Spec with { PackHashes = [.. Spec.Domains.Select(d => $"{d} {packs[d].Hash}")] };
        if (setups.PromptsFor(spec) is { } prompts)
            spec = spec with { PromptHashes = PromptHashes.Of(prompts, spec.Roles) };
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

    private static RunSpec SpecOf(ParseResult parsed, RunValues values, string runId)
    {
        var roles = values.File.Roles;
        var onEndpoints = roles is not null && !RunValues.IsGiven(parsed, Model);
        var model = onEndpoints ? EndpointSetup.ModelName : parsed.GetRequiredValue(Model);
        var spec = values.Spec(runId, model);
        if (model != EndpointSetup.ModelName)
            return spec;
        var shared = RunFile.SharedEndpoints(parsed.GetValue(CommonOptions.Config) ?? SiloConfiguration.DefaultFile);
        return spec with { Endpoints = EndpointSetup.Named(roles, values.File.Endpoints, shared), Roles = roles };
    }
}
