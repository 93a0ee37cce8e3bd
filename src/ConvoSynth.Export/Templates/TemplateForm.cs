namespace ConvoSynth.Export.Templates;

/// <summary>The form of messages that a template takes without damage.</summary>
/// <param name="EmptyContent">Whether a message that only calls needs an empty text; otherwise it has no content.</param>
internal sealed record TemplateForm(bool ArgumentsAsText, bool EmptyContent)
{
    /// <exception cref="ExportException">The template takes no form whole.</exception>
    public static TemplateForm Of(ChatTemplate template)
    {
        var cells = TemplateMatrix.Of(template);
        if (cells["object"] != "ok" && cells["text"] != "ok")
            throw new ExportException(
                $"no form of a call comes whole through {template.File.Path}: arguments as an object give {cells["object"]}, "
                    + $"as a text {cells["text"]}"
            );
        return new(cells["object"] != "ok", cells["no content"] != "ok");
    }

    /// <exception cref="ExportException">There is no such template, or it takes no form whole.</exception>
    public static TemplateForm Of(string path)
    {
        using var engine = new TemplateEngine();
        return Of(new ChatTemplate(engine, TemplateFile.Read(path)));
    }
}
