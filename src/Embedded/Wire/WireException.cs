using System.Text.Json;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Wire;

/// <summary>Takes an exception over the wire: its type, if that is one of .NET's or Orleans' own, its message and its cause.</summary>
internal static class WireException
{
    private sealed record Written(string Type, string Message, Written? Inner);

    public static Exception ReadBack(Exception failure, string method)
    {
        if (FirstForeign(failure) is { } foreign)
        {
            return new OrleansException(
                $"{method} failed with {foreign.FullName}, which does not survive the wire: throw an exception of .NET, or return the failure as a value. " +
                $"Its message was: {failure.Message}");
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(Write(failure));
        return Read(JsonSerializer.Deserialize<Written>(bytes)!);
    }

    private static Type? FirstForeign(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            var type = failure.GetType();
            var isKnown = type.Assembly == typeof(object).Assembly || type.Assembly == typeof(OrleansException).Assembly
                || type.Namespace?.Split('.')[0] == "System";
            if (!isKnown || Make(type, "", null) is null)
                return type;
        }

        return null;
    }

    private static Written Write(Exception failure) =>
        new(failure.GetType().AssemblyQualifiedName!, failure.Message, failure.InnerException is { } inner ? Write(inner) : null);

    private static Exception Read(Written written) =>
        Make(Type.GetType(written.Type, throwOnError: true)!, written.Message, written.Inner is { } inner ? Read(inner) : null)!;

    private static Exception? Make(Type type, string message, Exception? inner)
    {
        const System.Reflection.BindingFlags Any =
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        if (type.GetConstructor(Any, [typeof(string), typeof(Exception)]) is { } both)
            return (Exception)both.Invoke([message, inner]);
        return type.GetConstructor(Any, [typeof(string)]) is { } one ? (Exception)one.Invoke([message]) : null;
    }
}
