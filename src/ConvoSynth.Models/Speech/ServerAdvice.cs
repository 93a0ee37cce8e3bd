namespace ConvoSynth.Models.Speech;

/// <summary>
/// Advice for a server that leaves thoughts, calls or marks in its text: the flags of vLLM, SGLang and llama.cpp, and Ollama's
/// equivalents.
/// </summary>
internal static class ServerAdvice
{
    public const string Thoughts =
        "vLLM and SGLang need --reasoning-parser NAME, llama.cpp --jinja --reasoning-format auto, "
        + "Ollama version 0.9 or newer and reasoning_effort in the spec";

    public const string Calls =
        "vLLM needs --enable-auto-tool-choice and a --tool-call-parser, SGLang a --tool-call-parser, llama.cpp --jinja, "
        + "Ollama a model whose template has tools";

    public const string Marks =
        "its server's end mark or chat template is not the model's; see to --chat-template of vLLM and SGLang, --jinja of llama.cpp, "
        + "TEMPLATE and PARAMETER stop of Ollama";
}
