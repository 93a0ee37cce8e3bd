using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>Runs a pack's own cases. Their calls count towards coverage too.</summary>
internal static class CaseRunning
{
    public static void Run(Pack pack, PackCase test, ToolCoverage coverage)
    {
        var environment = new DialogueEnvironment(pack, test.Given);
        var broken = test.Call.Guards.Where(g => coverage.Test(environment, test.Call, g, test.With) == false).ToArray();
        if (coverage.Call(environment, test.Call, test.With) is not { } result)
        {
            test.At.Fail($"{test.Call.Name} broke; see Tools.cs");
            return;
        }

        Guards(test, broken, result);
        if (test.Error is { } error && !(result.IsError && result.Text.Contains(error, StringComparison.Ordinal)))
            test.At.Fail($"the error \"{error}\" was wanted; {test.Call.Name} returned {Short(result.Text)}");
        if (test.Gives is { } gives)
            Gives(test, gives, result);
        if (test.Changes.Count > 0)
            Changes(test, environment.Diff(), result);
    }

    private static void Guards(PackCase test, GuardSpec[] broken, CallResult result)
    {
        var clauses = broken.Select(g => g.Clause).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (test.Breaks is null)
        {
            if (broken.Length > 0 && test.Error is null)
                test.At.Fail($"{string.Join(", ", broken.Select(g => $"{g.Name} ({g.Clause})"))} is broken, and the case does not say so");
            return;
        }

        if (!clauses.SequenceEqual(test.Breaks.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            test.At.Fail(
                $"{string.Join(", ", test.Breaks)} was to be broken; "
                    + $"broken is {(clauses.Length == 0 ? "nothing" : string.Join(", ", clauses))}"
                    + (result.IsError ? $", and the tool says {Short(result.Text)}" : "")
            );
        else if (Array.Exists(broken, g => g.Enforced) && !result.IsError)
            test.At.Fail($"an enforced guard is broken, but {test.Call.Name} did it");
    }

    private static void Gives(PackCase test, Json gives, CallResult result)
    {
        if (result.IsError)
        {
            test.At.Fail($"{test.Call.Name} failed: {Short(result.Text)}");
        }
        else if (gives is JsonMap fields)
        {
            foreach (var path in fields.Keys.Where(p => At(result.Value, p) != fields[p]))
                test.At.Fail($"{path} was to be {fields[path]}; it is {Short(At(result.Value, path).ToString())}");
        }
        else if (result.Value != gives)
        {
            test.At.Fail($"{gives} was wanted; {test.Call.Name} returned {Short(result.Text)}");
        }
    }

    private static void Changes(PackCase test, StateDiff diff, CallResult result)
    {
        foreach (var (path, after) in test.Changes)
        {
            var found = diff.Changes.FirstOrDefault(c => c.Path.AsSpan().SequenceEqual(path));
            var where = string.Join('/', path);
            if (found is null)
                test.At.Fail($"{where} was to change, and did not; {test.Call.Name} returned {Short(result.Text)}");
            else if ((found.After ?? Json.Null) != (after ?? Json.Null))
                test.At.Fail($"{where} was to become {after ?? Json.Null}; it became {found.After ?? Json.Null}");
        }
    }

    private static Json At(Json value, string path)
    {
        foreach (var step in path.Split('.'))
        {
            value = value is JsonList list
                ? int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < list.Items.Count
                    ? list.Items[at]
                    : Json.Null
                : value[step];
        }

        return value;
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
