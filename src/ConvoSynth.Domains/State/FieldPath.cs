using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Dotted paths into a row: <c>address.zip</c>.</summary>
public static class FieldPath
{
    public static Json Read(Json from, string path)
    {
        var at = from;
        var rest = path.AsSpan();
        while (true)
        {
            var dot = rest.IndexOf('.');
            if (dot < 0)
                return rest.Length == path.Length ? at[path] : at[rest.ToString()];
            at = at[rest[..dot].ToString()];
            rest = rest[(dot + 1)..];
        }
    }
}
