using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

/// <summary>Rows of dialogues that a test writes message by message.</summary>
internal sealed class Talk
{
    public const string Tools = """
        [{"type":"function","function":{"name":"find","description":"Finds.",
          "parameters":{"type":"object","properties":{"id":{"type":"string"}}}}},
        {"type":"function","function":{"name":"now","description":"No parameters.","parameters":{"type":"object","properties":{}}}}]
        """;

    private readonly List<(string Message, bool Train)> _messages = [];
    private int _calls;

    public static Talk Begin() => new Talk().Add("""{"role":"system","content":"Serve."}""", false);

    public Talk User(string text) => Add(new JsonObject { ["role"] = "user", ["content"] = text }.ToJsonString(), false);

    public Talk Agent(string text, bool train = true) =>
        Add(new JsonObject { ["role"] = "assistant", ["content"] = text }.ToJsonString(), train);

    /// <summary>An answer that calls, with an observation for each call.</summary>
    public Talk Call(params string[] arguments) => Call(null, true, arguments);

    public Talk Call(string? text, bool train, params string[] arguments)
    {
        var first = _calls;
        var calls = arguments.Select(a =>
            $$$"""{"id":"c{{{_calls++}}}","type":"function","function":{"name":"find","arguments":{{{a}}}}}"""
        );
        var content = text is null ? "" : $"\"content\":{JsonValue.Create(text).ToJsonString()},";
        Add($$"""{"role":"assistant",{{content}}"tool_calls":[{{string.Join(',', calls)}}]}""", train);
        for (var call = first; call < _calls; call++)
            Add($$"""{"role":"tool","tool_call_id":"c{{call}}","name":"find","content":"{\"found\": {{call}}}"}""", false);
        return this;
    }

    public Talk Add(string message, bool train)
    {
        _messages.Add((message, train));
        return this;
    }

    public ShardRow Row(long index, string status = RowStatus.Accepted) =>
        new()
        {
            Id = $"run/{index}/0",
            RunId = "run",
            Domain = "library",
            Index = index,
            FamilyId = $"family-{index / 2}",
            Intent = "renew",
            Slice = "base",
            Status = status,
            PackHash = "hash",
            Messages = [.. _messages.Select(m => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(m.Message))],
            MessageMeta =
            [
                .. _messages.Select(m => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(m.Train ? "{\"train\":true}" : "{\"train\":false}")),
            ],
            Tools = Encoding.UTF8.GetBytes(Tools),
            Blueprint = Encoding.UTF8.GetBytes($$"""{"task":{{index}}}"""),
            Passes = status == RowStatus.Rejected ? [] : ["exact"],
        };
}
