using System.Reflection;

namespace ConvoSynth.Domains;

/// <summary>
/// Refuses attributes of a tool's argument that cannot reach its JSON Schema: the pack's author would rely on a limit that the model
/// never sees and no check enforces.
/// </summary>
internal static class ArgumentAttributes
{
    /// <param name="item">The argument's type, or the type of its items.</param>
    /// <param name="where">Tool and argument: <c>RenewLoan.weeks</c>.</param>
    /// <exception cref="NotSupportedException">The argument has such an attribute.</exception>
    public static void Require(ICustomAttributeProvider at, Type item, string where)
    {
        foreach (var attribute in at.GetCustomAttributes(inherit: false))
        {
            if (Refusal(attribute, item) is { } reason)
                throw new NotSupportedException($"{where}: [{Name(attribute)}] {reason}");
        }
    }

    private static string? Refusal(object attribute, Type item) =>
        attribute switch
        {
            AboutAttribute or IsAttribute => null,
            RangeAttribute => item == typeof(int)
                ? null
                : "limits whole numbers, and this argument has none: take it out and let the tool throw a ToolError",
            OneOfAttribute => item == typeof(string)
                ? null
                : "limits texts, and this argument has none: use an enum or [Range], or let the tool throw a ToolError",
            _ => IsOfCompiler(attribute.GetType())
                ? null
                : "goes into no JSON Schema, so nothing would hold it: use [Is], [About], [Range] or [OneOf], or let the tool "
                    + "throw a ToolError",
        };

    // The compiler emits attributes for nullable annotations, default values and params arrays too.
    private static bool IsOfCompiler(Type attribute) =>
        attribute == typeof(ParamArrayAttribute)
        || attribute.Namespace is "System.Runtime.CompilerServices" or "System.Runtime.InteropServices";

    private static string Name(object attribute)
    {
        const string Ending = nameof(Attribute);
        var name = attribute.GetType().Name;
        return name.EndsWith(Ending, StringComparison.Ordinal) ? name[..^Ending.Length] : name;
    }
}
