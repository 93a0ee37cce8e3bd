using System.Collections;
using System.Reflection;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Wire;

/// <summary>How the arguments, results and exceptions of one grain method cross the wire.</summary>
internal sealed class WireContract(WireFormat format, MethodInfo method, Type? result)
{
    private readonly ParameterInfo[] _parameters = method.GetParameters();
    private readonly string _name = $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Written arguments, as byte arrays; a cancellation token crosses by itself.</summary>
    /// <exception cref="OrleansException">An argument does not survive.</exception>
    public object?[] WriteArguments(object?[] arguments)
    {
        var written = new object?[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
            written[i] = IsToken(i) ? arguments[i] : format.Write(arguments[i], _parameters[i].ParameterType, NameOf(i));
        return written;
    }

    /// <inheritdoc cref="WriteArguments"/>
    public object?[] ReadArguments(object?[] written)
    {
        var arguments = new object?[written.Length];
        for (var i = 0; i < written.Length; i++)
            arguments[i] = IsToken(i) ? written[i] : format.Read((byte[])written[i]!, _parameters[i].ParameterType, NameOf(i));
        return arguments;
    }

    /// <summary>The result as the caller gets it.</summary>
    /// <exception cref="OrleansException">The result does not survive.</exception>
    public T? ReadBackResult<T>(T? value)
    {
        if (result is null)
            return value;
        var what = $"The result of {_name}";
        // Orleans' JSON codec refuses dictionaries of foreign types at the top.
        if (value is IDictionary || result.IsAssignableTo(typeof(IDictionary)))
            throw new OrleansException($"{what} does not survive the wire: a dictionary cannot be a result by itself, wrap it in a record.");
        return (T?)format.Read(format.Write(value, result, what), result, what);
    }

    /// <summary>The exception as the caller gets it; an error in its place when its type cannot cross.</summary>
    public Exception ReadBackException(Exception failure) => WireException.ReadBack(failure, _name);

    private bool IsToken(int index) => _parameters[index].ParameterType == typeof(CancellationToken);

    private string NameOf(int index) => $"Argument '{_parameters[index].Name}' of {_name}";
}
