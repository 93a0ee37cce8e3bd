using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConvoSynth.Export.Files;
using Jint.Native;

namespace ConvoSynth.Export.Templates;

/// <summary>A stretch of a text, by characters.</summary>
internal readonly record struct TextSpan(int Start, int End);

/// <summary>A rendered text.</summary>
/// <param name="Learned">
/// What the template's <c>generation</c> blocks mark, in order; null if the template has no such block.
/// </param>
internal sealed record RenderedText(string Text, IReadOnlyList<TextSpan>? Learned);

/// <summary>A compiled chat template, on an engine that one thread uses at a time.</summary>
internal sealed partial class ChatTemplate
{
    // Private-use characters, which stand for the generation blocks' bounds until the text is read.
    private const char Begin = '\uE0FE';
    private const char End = '\uE0FF';

    private readonly TemplateEngine _engine;
    private readonly JsValue _compiled;
    private readonly bool _marks;

    /// <exception cref="ExportException">The file is no template.</exception>
    public ChatTemplate(TemplateEngine engine, TemplateFile file)
    {
        (_engine, File) = (engine, file);
        var source = Generation()
            .Replace(
                file.Source,
                m => $"{{{{{m.Groups["l"].Value} \"{(m.Groups["end"].Success ? End : Begin)}\" {m.Groups["r"].Value}}}}}"
            );
        _marks = source != file.Source;
        try
        {
            _compiled = engine.Compile(source);
        }
        catch (TemplateException e)
        {
            throw new ExportException($"{file.Path} is no template: {e.Message}");
        }
    }

    public TemplateFile File { get; }

    /// <param name="opens">Whether the text ends with the beginning of an answer.</param>
    /// <exception cref="TemplateException">The template refuses the messages.</exception>
    public RenderedText Render(JsonArray messages, JsonNode? tools, bool opens = false)
    {
        var context = new JsonObject { ["messages"] = messages.DeepClone(), ["add_generation_prompt"] = opens };
        if (tools is not null)
            context["tools"] = tools.DeepClone();
        foreach (var (name, token) in File.Tokens)
            context[name] = token;
        var numbers = new PythonNumbers();
        numbers.Hide(context);
        var text = numbers.Show(_engine.Render(_compiled, context.ToJsonString(JsonText.NodeOptions)));
        return _marks ? Unmarked(text) : new(text, null);
    }

    private static RenderedText Unmarked(string text)
    {
        var plain = new StringBuilder(text.Length);
        var spans = new List<TextSpan>();
        var start = 0;
        foreach (var letter in text)
        {
            if (letter == Begin)
                start = plain.Length;
            else if (letter == End)
                spans.Add(new(start, plain.Length));
            else
                plain.Append(letter);
        }

        return new(plain.ToString(), spans);
    }

    [GeneratedRegex(@"\{%(?<l>-?)\s*(?<end>end)?generation\s*(?<r>-?)%\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Generation();
}
