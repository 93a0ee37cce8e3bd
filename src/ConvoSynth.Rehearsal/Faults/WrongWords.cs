using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Correct calls with wrong words: a report or an answer with a wrong value, several values, or none.</summary>
internal sealed partial class WrongWords(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private (Request Request, int Index)[] Of(RequestKind kind) =>
        random.Shuffled(blueprint.Scenario.Requests.Select((r, i) => (r, i)).Where(p => p.r.Kind == kind));

    /// <summary>The agent reports the requested write without making it, or reports another one beside the write that it made.</summary>
    public FaultPlan? FalseClaim(WrongWrites writes)
    {
        if (random.Chance(0.4) && new UnplannedActs(pack, blueprint, random).Draw() is { } act)
        {
            foreach (var (_, r) in Of(RequestKind.Do))
                return new(FaultKinds.FalseClaim) { Request = r, Words = string.Format(random.Pick(FaultyAgentLines.AlsoDone), act) };
        }

        foreach (var (request, action) in random.Shuffled(WrongWrites.Wanted(blueprint)))
        {
            if (!blueprint.Scenario.Requests[request].Done.IsEmpty && writes.IsMissed(action))
                return new(FaultKinds.FalseClaim) { Request = request, Action = action };
        }

        return null;
    }

    public FaultPlan? WrongAmount()
    {
        foreach (var (request, r) in Of(RequestKind.Do))
        {
            foreach (var done in random.Shuffled(request.Done))
            {
                if (Misstated(request, done) is { } wrong)
                    return new(FaultKinds.WrongAmount) { Request = r, Words = wrong };
            }
        }

        return null;
    }

    public FaultPlan? NotSaid()
    {
        foreach (var (request, r) in Of(RequestKind.Tell))
        {
            if (request.Outputs.IsEmpty)
                continue;
            return new(FaultKinds.OutputNotSaid)
            {
                Request = r,
                Words = random.Pick(FaultyAgentLines.NoAnswer),
                Unsaid = blueprint.Outputs[request.Outputs[0]],
            };
        }

        return null;
    }

    public FaultPlan? Contradicted()
    {
        foreach (var (request, r) in Of(RequestKind.Tell))
        {
            if (Answer(request, output => Others(output).FirstOrDefault()) is { } wrong)
                return new(FaultKinds.SaidThenContradicted)
                {
                    Request = r,
                    Words = string.Format(random.Pick(FaultyAgentLines.Correction), Phrasing.Sentence(wrong), wrong.TrimEnd('.') + "."),
                };
        }

        return null;
    }

    public FaultPlan? Shotgun()
    {
        foreach (var (request, r) in Of(RequestKind.Tell))
        {
            if (
                Answer(
                    request,
                    output =>
                        Others(output).Take(2).ToArray() is { Length: 2 } others
                            ? Either([FieldValues.Say(output.Type, output.Value), .. others])
                            : null
                ) is
                { } wrong
            )
                return new(FaultKinds.ShotgunAnswer) { Request = r, Words = wrong };
        }

        return null;
    }

    /// <summary>Wrong answers of the same type, as people say them.</summary>
    public IEnumerable<string> Others(ExpectedOutput output)
    {
        for (var i = 0; i < 8; i++)
        {
            Json? other = output.Value switch
            {
                JsonNumber number when output.Type == "money" => Math.Round(number.Value + (random.Between(1, 40) * 1.25), 2),
                JsonNumber { IsInteger: true } number => (long)number.Value + random.Between(1, 4),
                JsonNumber number => Math.Round(number.Value + random.Between(1, 9), 2),
                JsonText text when output.Type == "date" && FieldValues.TryDate(text.Value, out var date) => date.AddDays(
                        random.Between(1, 12)
                    )
                    .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                _ => null,
            };
            if (other is null)
                yield break;
            if (other != output.Value && !output.Accepted.Contains(other))
                yield return FieldValues.Say(output.Type, other);
        }
    }

    // The answer's own words with its value replaced. Null if another answer has the same value, which would correct the statement.
    private string? Answer(Request request, Func<ExpectedOutput, string?> instead)
    {
        if (request.Outputs.IsEmpty)
            return null;
        var output = blueprint.Outputs[request.Outputs[0]];
        if (blueprint.Outputs.Count(o => o.Value == output.Value) > 1)
            return null;
        var said = FieldValues.Say(output.Type, output.Value);
        foreach (var done in random.Shuffled(request.Done))
        {
            if (done.Contains(said, StringComparison.Ordinal) && instead(output) is { } other)
                return done.Replace(said, other, StringComparison.Ordinal);
        }

        return null;
    }

    private string? Either(string[] values)
    {
        if (values.Distinct(StringComparer.Ordinal).Count() < values.Length)
            return null;
        values = random.Shuffled(values);
        return $"{string.Join(", ", values[..^1])} or {values[^1]}";
    }

    // An amount, or a number among the write's arguments.
    private string? Misstated(Request request, string done)
    {
        foreach (Match amount in Amount().Matches(done))
        {
            var value = double.Parse(amount.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var wrong = FieldValues.Say("money", Math.Round(value + (random.Between(1, 40) * 0.75), 2));
            return done.Replace(amount.Value, wrong, StringComparison.Ordinal);
        }

        for (var a = request.FirstAction; a < request.FirstAction + request.ActionCount; a++)
        {
            if (!blueprint.Actions[a].Writes)
                continue;
            foreach (var value in ((JsonMap)blueprint.Actions[a].Arguments).Values)
            {
                if (value is not JsonNumber { IsInteger: true } number)
                    continue;
                var wrong = Restated.Of(done, number.ToString(), ((Json)((int)number.Value + random.Between(1, 3))).ToString());
                if (wrong != done && !DateBefore().IsMatch(done))
                    return wrong;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\$(\d[\d,]*\.\d\d)")]
    private static partial Regex Amount();

    // A number that may be the day of a month stays.
    [GeneratedRegex(@"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d")]
    private static partial Regex DateBefore();
}
