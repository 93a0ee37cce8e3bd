using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Proposals;

namespace ConvoSynth.Runs.Setups;

/// <summary>
/// A file of accepted tasks that a proposer is shown: one JSON object a line, with <c>name</c>, <c>domain</c> and the fields of a
/// proposal. The user names it, and the run keeps a copy. A run never shows its own tasks: which of them are there already depends on
/// timing, and a row must be a function of spec and index.
/// </summary>
public static class ProposalExamples
{
    /// <summary>Domain → its examples; none if the spec names no file.</summary>
    /// <exception cref="RunException">A line of the file is no example.</exception>
    public static ILookup<string, ProposalExample> Of(RunSpec spec, IRunInputs inputs) =>
        spec.Proposals is { Examples: { } named }
            ? Read(named, File.ReadAllText(inputs.PathOf(spec, InputKind.Examples, named), Encoding.UTF8))
            : Array.Empty<string>().ToLookup(_ => "", _ => (ProposalExample)null!);

    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="RunException">A line is no example.</exception>
    public static ILookup<string, ProposalExample> Read(string file, string text)
    {
        var examples = new List<(string Domain, ProposalExample Example)>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                continue;
            if (!Json.TryParse(lines[i], out var value, out var mistake))
                throw new RunException($"{file}:{i + 1}: no JSON ({mistake!.Message})");
            var task = Proposal.Of(value);
            if (value["domain"].Text is not { Length: > 0 } domain || task.Instruction.Length == 0)
                throw new RunException($"{file}:{i + 1}: an example needs at least \"domain\" and \"instruction\"");
            examples.Add((domain, new(value["name"].Text ?? $"{file}:{i + 1}", task)));
        }

        return examples.ToLookup(e => e.Domain, e => e.Example, StringComparer.Ordinal);
    }

    /// <summary>The line of an example.</summary>
    public static string Line(string domain, ProposalExample example) =>
        Json.Map(("name", example.Name), ("domain", domain))
            .With("reason", example.Task.Reason)
            .With("instruction", example.Task.Instruction)
            .With("actions", example.Task.ToJson()["actions"])
            .With("outputs", example.Task.ToJson()["outputs"])
            .ToString();
}
