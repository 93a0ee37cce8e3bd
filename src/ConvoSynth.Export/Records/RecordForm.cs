namespace ConvoSynth.Export.Records;

/// <summary>How a format writes the arguments of a call.</summary>
public enum ArgumentForm
{
    /// <summary>As an object, or as the text of an object.</summary>
    Either,

    /// <summary>As the text of an object, as OpenAI's API has them.</summary>
    Text,

    Object,
}

/// <summary>A format of training data: where a record has its messages, and how it writes arguments.</summary>
/// <param name="Lists">The fields with messages, in the order of the dialogue; a dot leads into an object.</param>
public sealed record RecordForm(string Name, IReadOnlyList<string> Lists, ArgumentForm Arguments, string About)
{
    private static readonly string[] Chat = ["messages", "prompt", "completion"];

    public static IReadOnlyList<RecordForm> All { get; } =
    [
        new("openai", Chat, ArgumentForm.Text, "OpenAI's messages, arguments as text"),
        new("trl", Chat, ArgumentForm.Object, "messages and tools as TRL reads them, arguments as objects"),
        new("nemo-rl", Chat, ArgumentForm.Object, "NeMo RL's openai_format"),
        new(
            "nemo-gym",
            ["responses_create_params.input", "response.output"],
            ArgumentForm.Text,
            "the items of NeMo Gym's rows and rollouts"
        ),
        new("axolotl", Chat, ArgumentForm.Either, "Axolotl's chat_template datasets"),
        new("ms-swift", Chat, ArgumentForm.Object, "ms-swift's roles tool_call and tool_response"),
        new("apigen-mt", ["conversations"], ArgumentForm.Object, "ShareGPT's turns as APIGen-MT has them"),
        new("tau-bench", ["traj", "messages"], ArgumentForm.Either, "results of tau-bench and tau2-bench"),
    ];

    public static RecordForm? Named(string name) => All.FirstOrDefault(f => f.Name == name);
}
