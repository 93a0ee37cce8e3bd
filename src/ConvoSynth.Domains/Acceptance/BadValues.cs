using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Makes the calls that a model makes by mistake: in calls that succeed, each argument in turn gets values of every wrong type.
/// A tool must answer any of them with a result or a <see cref="ToolError"/>. It must not break, nor write a value that its field does
/// not take.
/// </summary>
internal sealed class BadValues(Pack pack, ToolCoverage coverage)
{
    // Enough calls for one to succeed on some row, and few enough for tools with many arguments.
    private const int MaxCalls = 12;
    private const int MaxTrials = 400;

    private static readonly Json[] Values =
    [
        "",
        " ",
        "next Monday",
        "12/31/2031",
        "2031-02-30",
        "2031-03-04T10:00:00Z",
        "25:00",
        "-1",
        "0",
        "1e9",
        "NaN",
        "null",
        "no_such_thing",
        "\u202e\u0000",
        new string('x', 5000),
        0,
        -1,
        1,
        0.005,
        1_000_000_000,
        int.MinValue,
        1e15,
        true,
        false,
        Json.Null,
        JsonList.Empty,
        Json.List("next Monday"),
        Json.List(Json.Null),
        Json.List(0, 0),
        JsonMap.Empty,
        Json.Map(("x", 1)),
    ];

    public void Try(ToolSpec tool)
    {
        var calls = new CallTrials(pack, tool, new Seed(0).For("bad values").For(tool.Name));
        var good = new List<JsonMap>();
        for (var i = 0; i < MaxTrials && good.Count < MaxCalls; i++)
        {
            var arguments = calls.Arguments(i);
            if (!new DialogueEnvironment(pack).Call(tool, arguments).IsError)
                good.Add(arguments);
        }

        // A tool of which no call succeeds is reported by ToolTrials; bad values are still tried on the first call.
        if (good.Count == 0)
            good.Add(calls.Arguments(0));
        for (var i = 0; i < good.Count; i++)
        {
            foreach (var parameter in tool.Parameters)
            {
                // The first call gets every value. Further calls share them out, because the effect of a value may depend on the row.
                for (var v = i; v < Values.Length; v += i == 0 ? 1 : MaxCalls)
                    Call(tool, good[i].With(parameter.Name, Values[v]));
                foreach (var name in parameter.Parts.Keys)
                {
                    for (var v = i; v < Values.Length; v += i == 0 ? 1 : MaxCalls)
                        Call(tool, good[i].With(parameter.Name, With(good[i][parameter.Name], name, Values[v])));
                }
            }
        }
    }

    private void Call(ToolSpec tool, JsonMap arguments)
    {
        coverage.Call(new DialogueEnvironment(pack), tool, arguments);
        foreach (var guard in tool.Guards)
            coverage.Test(new DialogueEnvironment(pack), tool, guard, arguments);
    }

    private static Json With(Json record, string name, Json value) =>
        record switch
        {
            JsonMap map => map.With(name, value),
            JsonList { Items: [JsonMap first, ..] } list => Json.List([first.With(name, value), .. list.Items.Skip(1)]),
            _ => Json.Map((name, value)),
        };
}
