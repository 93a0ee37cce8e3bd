namespace ConvoSynth.Export.Formats;

/// <summary>LLaMA-Factory's <c>dataset_info.json</c>, with an entry for each split.</summary>
internal static class LlamaFactoryInfo
{
    /// <param name="ranked">Whether the files hold preference pairs.</param>
    public static CompanionFile Of(IReadOnlyList<string> splits, bool ranked)
    {
        var (ranking, pair) = ranked ? ("\n    \"ranking\": true,", " \"chosen\": \"chosen\", \"rejected\": \"rejected\",") : ("", "");
        var entries = splits.Select(split =>
            $$"""
                  "convosynth_{{split}}": {
                    "file_name": "{{split}}.jsonl",{{ranking}}
                    "formatting": "sharegpt",
                    "columns": { "messages": "conversations",{{pair}} "system": "system", "tools": "tools" },
                    "tags": {
                      "role_tag": "from",
                      "content_tag": "value",
                      "user_tag": "human",
                      "assistant_tag": "gpt",
                      "observation_tag": "observation",
                      "function_tag": "function_call"
                    }
                  }
                """
        );
        return new("dataset_info.json", $"{{\n{string.Join(",\n", entries)}\n}}\n");
    }
}
