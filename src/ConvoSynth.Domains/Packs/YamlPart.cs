using System.Globalization;
using ConvoSynth.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ConvoSynth.Domains.Packs;

/// <summary>
/// A YAML node that knows its file and line. Reading collects errors and continues, so that an author sees all of them at once.
/// </summary>
public sealed class YamlPart
{
    // A decoder replaces invalid bytes by this character.
    private const string Lost = "\uFFFD";

    private readonly YamlNode _node;
    private readonly List<PackDiagnostic> _faults;

    private YamlPart(string file, YamlNode node, List<PackDiagnostic> faults)
    {
        File = file;
        _node = node;
        _faults = faults;
    }

    public string File { get; }

    public int Line => (int)_node.Start.Line;

    public bool IsMap => _node is YamlMappingNode;

    public bool IsList => _node is YamlSequenceNode;

    public bool IsScalar => _node is YamlScalarNode;

    /// <summary>Parses a file; null if it is missing (an error if required) or not YAML.</summary>
    public static YamlPart? Load(string folder, string file, List<PackDiagnostic> faults, bool required = true)
    {
        var path = Path.Combine(folder, file);
        if (!System.IO.File.Exists(path))
        {
            if (required)
                faults.Add(new(file, 0, "the file is missing"));
            return null;
        }

        return Parse(file, System.IO.File.ReadAllText(path), faults);
    }

    public static YamlPart? Parse(string file, string text, List<PackDiagnostic> faults)
    {
        if (Unreadable(file, text) is { } unreadable)
        {
            faults.Add(unreadable);
            return null;
        }

        var scanner = new Scanner(new StringReader(text));
        try
        {
            var stream = new YamlStream();
            stream.Load(new Parser(scanner));
            if (stream.Documents.Count == 1)
                return new(file, stream.Documents[0].RootNode, faults);
            faults.Add(
                stream.Documents.Count == 0
                    ? new(file, 0, "the file is empty")
                    : new(
                        file,
                        (int)stream.Documents[1].RootNode.Start.Line,
                        $"the file holds {stream.Documents.Count} documents; one is wanted, so leave out the line ---"
                    )
            );
        }
        catch (YamlException e)
        {
            faults.Add(new(file, (int)e.Start.Line, $"not YAML: {e.InnerException?.Message ?? e.Message}"));
        }
        catch (InvalidOperationException e)
        {
            // The scanner throws this on an unclosed flow list.
            faults.Add(new(file, (int)scanner.CurrentPosition.Line, $"not YAML: {e.Message}"));
        }

        return null;
    }

    /// <summary>The first character that the decoder could not read; null if it read all.</summary>
    internal static PackDiagnostic? Unreadable(string file, string text) =>
        text.IndexOf(Lost, StringComparison.Ordinal) is >= 0 and var lost
            ? new(file, 1 + text.AsSpan(0, lost).Count('\n'), "a character here is no UTF-8; save the file as UTF-8")
            : null;

    public void Fail(string reason) => _faults.Add(new(File, Line, reason));

    public YamlPart? this[string key] =>
        _node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? new(File, child, _faults) : null;

    public YamlPart? Require(string key)
    {
        var part = this[key];
        if (part is null)
            Fail($"\"{key}\" is missing");
        return part;
    }

    /// <summary>Reports every unknown key: a misspelt option must not be ignored silently.</summary>
    public YamlPart Only(params ReadOnlySpan<string> keys)
    {
        foreach (var (key, part) in Entries)
        {
            if (!keys.Contains(key))
                part.Fail($"unknown key \"{key}\"; known here: {string.Join(", ", keys.ToArray())}");
        }

        return this;
    }

    public IEnumerable<(string Key, YamlPart Part)> Entries
    {
        get
        {
            if (_node is not YamlMappingNode map)
                yield break;
            foreach (var (key, value) in map.Children)
                yield return ((key as YamlScalarNode)?.Value ?? "", new(File, value, _faults));
        }
    }

    public IEnumerable<YamlPart> Items => _node is YamlSequenceNode list ? list.Children.Select(c => new YamlPart(File, c, _faults)) : [];

    /// <summary>A map of scalars as text: <c>a=1,b=2</c>; null for another node.</summary>
    public string? Pairs => IsMap ? string.Join(',', Entries.Select(e => $"{e.Key}={e.Part.Text}")) : null;

    /// <summary>The items of a list; a single scalar counts as a list of one.</summary>
    public IReadOnlyList<string> Texts => _node is YamlScalarNode ? [Text] : [.. Items.Select(i => i.Text)];

    public string Text
    {
        get
        {
            if (_node is YamlScalarNode scalar)
                return scalar.Value ?? "";
            Fail("a text is wanted here");
            return "";
        }
    }

    public string TextOf(string key, string orElse = "") => this[key]?.Text ?? orElse;

    public IReadOnlyList<string> TextsOf(string key) => this[key]?.Texts ?? [];

    public bool FlagOf(string key)
    {
        var part = this[key];
        if (part is null)
            return false;
        if (part.Text is "true" or "false")
            return part.Text == "true";
        part.Fail($"\"{key}\" is true or false, not {part.Text}");
        return false;
    }

    public int IntOf(string key, int orElse)
    {
        var part = this[key];
        if (part is null)
            return orElse;
        if (int.TryParse(part.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value))
            return value;
        part.Fail($"\"{key}\" is a whole number, not {part.Text}");
        return orElse;
    }

    /// <summary>
    /// The node as JSON. Plain scalars that look like numbers, true, false or null become such; quoted scalars stay text.
    /// </summary>
    public Json Json => ToJson(_node);

    private static Json ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => JsonMap.Create(
                map.Children.Select(c => KeyValuePair.Create((c.Key as YamlScalarNode)?.Value ?? "", ToJson(c.Value)))
            ),
            YamlSequenceNode list => Core.Json.List(list.Children.Select(ToJson)),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => PlainValue(scalar.Value ?? ""),
            YamlScalarNode scalar => scalar.Value,
            _ => Core.Json.Null,
        };

    /// <summary>The value of a plain scalar: a number, true, false, null, or its text.</summary>
    internal static Json PlainValue(string text) =>
        text switch
        {
            "null" or "~" or "" => Core.Json.Null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    && !(text.Length > 1 && text[0] == '0') => whole,
            _ when double.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                    && text.Contains('.')
                    && !text.StartsWith('.') => number,
            _ => text,
        };
}
