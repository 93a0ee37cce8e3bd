namespace ConvoSynth.Export.Formats;

/// <summary>The formats of examples, in the order of the help.</summary>
internal static class ExampleFormats
{
    public static IReadOnlyList<ExampleFormat> All { get; } =
    [
        new TrlFormat(),
        new UnslothFormat(),
        new AxolotlFormat(),
        new LlamaFactoryFormat(),
        new MsSwiftFormat(),
        new OpenAiFormat(),
        new VerlFormat(),
        new NemoRlFormat(),
        new NemoGymFormat(),
        new ApigenMtFormat(),
        new TextFormat(),
    ];
}
