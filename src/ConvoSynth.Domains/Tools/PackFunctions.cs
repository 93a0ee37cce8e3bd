using System.Linq.Expressions;
using System.Reflection;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>Reads the static methods of the tools' class that have a <see cref="FormulaAttribute"/>.</summary>
internal static class PackFunctions
{
    public static IReadOnlyList<PackFunction> Read(Type type, Func<string, int> lineOf, List<PackDiagnostic> faults)
    {
        var functions = new List<PackFunction>();
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (method.GetCustomAttribute<FormulaAttribute>() is null)
                continue;
            try
            {
                functions.Add(Function(method));
            }
            catch (NotSupportedException e)
            {
                faults.Add(new("Tools.cs", lineOf(method.Name), e.Message));
            }
        }

        return functions;
    }

    private static PackFunction Function(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var takesDb = parameters is [{ } first, ..] && first.ParameterType == typeof(Db);
        var binders = parameters
            .Skip(takesDb ? 1 : 0)
            .Select(p => Signature.Of(p.ParameterType, p, $"{method.Name}.{p.Name}").Binder)
            .ToArray();
        var db = Expression.Parameter(typeof(Db));
        var arguments = Expression.Parameter(typeof(object?[]));
        var inputs = parameters.Select(
            (p, i) =>
                takesDb && i == 0
                    ? (Expression)db
                    : Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(takesDb ? i - 1 : i)), p.ParameterType)
        );
        var call = Expression
            .Lambda<Func<Db, object?[], object?>>(Expression.Convert(Expression.Call(method, inputs), typeof(object)), db, arguments)
            .Compile();
        return new(Signature.Snake(method.Name), TypeOf(method), binders, (d, a) => ToJson(call(d, a)));
    }

    private static string TypeOf(MethodInfo method) =>
        method.ReturnType switch
        {
            var t when t == typeof(bool) => "flag",
            var t when t == typeof(int) => "count",
            var t when t == typeof(double) || t == typeof(decimal) => "money",
            var t when t == typeof(string) || t == typeof(Json) => "text",
            var t => throw new NotSupportedException(
                $"the formula {method.Name} returns a {t.Name}; it may return a flag, a number, text or Json"
            ),
        };

    private static Json ToJson(object? value) =>
        value switch
        {
            bool flag => flag,
            int number => number,
            double number => number,
            decimal number => number,
            string text => text,
            Json json => json,
            _ => Json.Null,
        };
}
