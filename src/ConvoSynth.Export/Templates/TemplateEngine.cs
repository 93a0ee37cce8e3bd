using System.Reflection;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace ConvoSynth.Export.Templates;

/// <summary>
/// Renders Jinja templates by <c>@huggingface/jinja</c> in a JavaScript interpreter. One engine serves one thread at a time. Numbers lose
/// their spelling: 46.0 is rendered as 46.
/// </summary>
internal sealed class TemplateEngine : IDisposable
{
    private const string Module = "jinja.mjs";

    // A template that runs longer loops.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Parsed once: parsing takes longer than most renderings.
    private static readonly Lazy<Prepared<Acornima.Ast.Module>> Library = new(() => Engine.PrepareModule(Read(Module)));
    private static readonly Lazy<Prepared<Acornima.Ast.Module>> Own = new(() => Engine.PrepareModule(Read("render.mjs")));

    private readonly Engine _engine;
    private readonly JsValue _compile;
    private readonly JsValue _render;

    /// <exception cref="ExportException">The program was built without the engine.</exception>
    public TemplateEngine()
    {
        if (!IsThere)
            throw new ExportException(
                "this program was built without npm, so it has no template engine; install Node 20 with npm and build it again"
            );
        _engine = new(o => o.TimeoutInterval(Limit));
        _engine.Modules.Add("jinja", m => m.AddModule(Library.Value));
        _engine.Modules.Add("render", m => m.AddModule(Own.Value));
        var module = _engine.Modules.Import("render");
        (_compile, _render) = (module.Get("compile"), module.Get("render"));
    }

    /// <summary>Whether the program was built with the engine.</summary>
    public static bool IsThere { get; } = typeof(TemplateEngine).Assembly.GetManifestResourceNames().Contains(Module);

    /// <exception cref="TemplateException">The source is no template.</exception>
    public JsValue Compile(string source) => Run(() => _engine.Invoke(_compile, source));

    /// <summary>Renders a context, which is a JSON object.</summary>
    /// <exception cref="TemplateException">The template refuses the context, or asks for what the context lacks.</exception>
    public string Render(JsValue template, string context) => Run(() => _engine.Invoke(_render, template, context)).AsString();

    public void Dispose() => _engine.Dispose();

    private static JsValue Run(Func<JsValue> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is JavaScriptException or TimeoutException or RecursionDepthOverflowException)
        {
            throw new TemplateException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private static string Read(string name)
    {
        using var stream = typeof(TemplateEngine).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
