using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.ByHand;

/// <summary>Reads files of tasks by hand: each is a YAML list of tasks.</summary>
public static class TaskByHandReading
{
    /// <summary>The tasks of a file's content.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="BlueprintException">The content has errors; the message lists each with file and line.</exception>
    public static IReadOnlyList<TaskByHand> Read(Pack pack, string file, ReadOnlySpan<byte> content)
    {
        var faults = new List<PackDiagnostic>();
        var tasks = new List<TaskByHand>();
        if (YamlPart.Parse(file, PackSources.TextOf(content), faults) is { } root)
        {
            if (!root.Items.Any())
                root.Fail("a list of tasks is wanted");
            foreach (var part in root.Items)
            {
                if (Task(pack, part, file, faults) is not { } task)
                    continue;
                if (tasks.Any(t => t.Id == task.Id))
                    part.Fail($"the task {task.Id} stands twice");
                tasks.Add(task);
            }
        }

        return faults.Count == 0 ? tasks : throw new BlueprintException(string.Join("\n  ", faults));
    }

    private static TaskByHand? Task(Pack pack, YamlPart part, string file, List<PackDiagnostic> faults)
    {
        part.Only(
            "id",
            "domain",
            "intent",
            "reason",
            "rows",
            "goal",
            "keys",
            "owner",
            "values",
            "given",
            "persona",
            "instruction",
            "disclosure",
            "expect"
        );
        if (part["domain"] is { } domain && domain.Text != pack.Name)
            domain.Fail($"the task is for the domain {domain.Text}, and the run for {pack.Name}");
        var before = faults.Count;
        var id = part.Require("id")?.Text ?? "";
        if (IntentOf(pack, part, id, faults) is not { } intent || faults.Count > before)
            return null;
        var keys = part["keys"]?.Entries.ToDictionary(e => e.Key, e => e.Part, StringComparer.Ordinal) ?? [];
        foreach (var (slot, at) in keys)
        {
            if (intent.Slot(slot) is null)
                at.Fail($"\"keys\" names {slot}, which is no row of the goal");
        }

        var expect = part["expect"]?.Only("refused", "answers");
        return new()
        {
            Id = id,
            Intent = intent,
            File = file,
            Line = part.Line,
            Rows = keys.ToDictionary(k => k.Key, k => k.Value.Json, StringComparer.Ordinal),
            Owner = part["owner"]?.Json,
            Values = part["values"]?.Entries.ToDictionary(e => e.Key, e => e.Part.Json, StringComparer.Ordinal) ?? [],
            Given = PackCases.Given(part["given"], pack),
            Persona = part["persona"] is { } persona ? PersonaOf(pack, persona) : null,
            Instruction = part["instruction"]?.Text.Trim(),
            Disclosures = part["disclosure"]?.Entries.ToDictionary(e => e.Key, e => DisclosureOf(e.Part), StringComparer.Ordinal) ?? [],
            Refused = expect?["refused"]?.Texts,
            Answers = expect?["answers"] is { } answers ? [.. answers.Items.Select(a => a.Json)] : null,
        };
    }

    private static IntentSpec? IntentOf(Pack pack, YamlPart part, string id, List<PackDiagnostic> faults)
    {
        if (part["intent"] is not { } named)
            return new IntentReading(pack.TextOf, pack.Domain, pack.Tools, faults).Intent(id, part);
        foreach (var key in new[] { "rows", "goal" })
        {
            part[key]?.Fail($"\"{key}\" goes with a goal of the task's own, not with \"intent\"");
        }

        if (pack.Intents.FirstOrDefault(i => i.Id == named.Text) is not { } intent)
        {
            named.Fail($"the pack {pack.Name} has no intent {named.Text}");
            return null;
        }

        return part["reason"] is null ? intent : intent with { Reasons = part.TextsOf("reason") };
    }

    private static Persona? PersonaOf(Pack pack, YamlPart part)
    {
        var persona = pack.Personas.FirstOrDefault(p => p.Name == part.Text);
        if (persona is null)
            part.Fail($"the pack {pack.Name} has no persona {part.Text}; it has {string.Join(", ", pack.Personas.Select(p => p.Name))}");
        return persona;
    }

    private static Disclosure DisclosureOf(YamlPart part)
    {
        switch (part.Text)
        {
            case "volunteer":
                return Disclosure.Volunteer;
            case "when-asked":
                return Disclosure.WhenAsked;
            default:
                part.Fail($"a fact is said \"volunteer\" or \"when-asked\", not \"{part.Text}\"");
                return Disclosure.WhenAsked;
        }
    }
}
