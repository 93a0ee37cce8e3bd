using System.Globalization;
using System.Text;

namespace ConvoSynth.Domains.Checking;

/// <summary>A position in the text of a Python file, and what is read from it without nesting: words, blanks, strings.</summary>
internal abstract class PythonScanner(string file, string text)
{
    private protected int At { get; set; }

    private protected string Text { get; } = text;

    private protected string String(string prefix = "")
    {
        var isRaw = prefix is "r" or "R";
        if (prefix.Length > 0 && !isRaw && prefix is not ("u" or "U"))
            throw Wrong($"a text that begins with {prefix} is no plain text");
        var quote = Text[At];
        var isLong = Text.AsSpan(At).StartsWith([quote, quote, quote]);
        At += isLong ? 3 : 1;
        var read = new StringBuilder();
        while (true)
        {
            if (At == Text.Length || (!isLong && Text[At] == '\n'))
                throw Wrong("a text is not closed");
            if (Text[At] == quote && (!isLong || Text.AsSpan(At).StartsWith([quote, quote, quote])))
            {
                At += isLong ? 3 : 1;
                return read.ToString();
            }

            if (Text[At] == '\\' && !isRaw)
                Escape(read);
            else
                read.Append(Text[At++]);
        }
    }

    private void Escape(StringBuilder read)
    {
        if (At + 1 == Text.Length)
            throw Wrong("a text is not closed");
        var kind = Text[At + 1];
        At += 2;
        switch (kind)
        {
            case '\n':
                return;
            case 'n' or 't' or 'r' or '\\' or '\'' or '"':
                read.Append(
                    kind switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        _ => kind,
                    }
                );
                return;
            case 'x' or 'u' or 'U':
                var length = kind switch
                {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                if (
                    At + length > Text.Length
                    || !int.TryParse(Text.AsSpan(At, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                )
                    throw Wrong($"\\{kind} wants {length} hexadecimal digits");
                read.Append(code > char.MaxValue ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                At += length;
                return;
            default:
                read.Append('\\').Append(kind); // As in Python.
                return;
        }
    }

    private protected char Peek => At < Text.Length ? Text[At] : '\0';

    private protected string Word()
    {
        var from = At;
        while (At < Text.Length && (char.IsLetterOrDigit(Text[At]) || Text[At] is '_' or '.'))
            At++;
        return Text[from..At];
    }

    private protected void Blank()
    {
        while (At < Text.Length)
        {
            if (Text[At] == '#')
                while (At < Text.Length && Text[At] != '\n')
                    At++;
            else if (char.IsWhiteSpace(Text[At]))
                At++;
            else if (Text.AsSpan(At).StartsWith("\\\n"))
                At += 2;
            else
                return;
        }
    }

    private protected FormatException Wrong(string reason) =>
        new($"{file}: line {Text.AsSpan(0, Math.Min(At, Text.Length)).Count('\n') + 1}: {reason}");
}
