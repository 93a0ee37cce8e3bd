using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>Small files of a benchmark's shape, under the names that the pages give to the reader's own.</summary>
internal static class ForeignFiles
{
    public const string Tasks = """
        [{"id": "t1", "user_id": "u1", "instruction": "You are Ada.", "outputs": [],
          "actions": [{"name": "find_user_id_by_email", "arguments": {"email": "nobody@nowhere.example"},
                       "observation": "Error: user not found"}]}]
        """;

    public const string Results = """
        {"system": "Be kind.", "dialogues": [{"id": "d1", "agent": "a", "human": "h", "task_id": "t1",
         "instruction": "Ask for yourself.", "reward": 1, "messages": [
          {"role": "user", "content": "I am nobody@nowhere.example"},
          {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
            "function": {"name": "find_user_id_by_email", "arguments": "{\"email\": \"nobody@nowhere.example\"}"}}]},
          {"role": "tool", "tool_call_id": "c1", "name": "find_user_id_by_email", "content": "Error: user not found"},
          {"role": "assistant", "content": "I cannot find you."},
          {"role": "user", "content": "###STOP###"}]}]}
        """;

    /// <summary>The database of the retail pack, as a reader's own would stand in a folder.</summary>
    public static IEnumerable<(string Table, string Text)> Tables =>
        from table in PackLoading.Load(Repository.At("blueprints", "retail")).Base.Tables
        select (table.Name, JsonMap.Create(table.Rows.Select(r => KeyValuePair.Create(r.Key, (Json)r.Values))).ToString());
}
