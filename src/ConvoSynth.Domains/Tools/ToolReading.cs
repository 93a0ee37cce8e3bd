using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>A pack's tools, read from its compiled class.</summary>
public sealed class ToolSet
{
    private readonly Dictionary<string, ToolSpec> _byName;

    internal ToolSet(IReadOnlyList<ToolSpec> tools, IReadOnlyList<PackFunction> functions, Func<Db, object> create)
    {
        All = tools;
        Functions = functions.ToDictionary(f => f.Name, StringComparer.Ordinal);
        Calculator = tools.FirstOrDefault(t => t.Calculates);
        _byName = tools.ToDictionary(t => t.Name, StringComparer.Ordinal);
        Create = create;
        Underscored = SearchValues.Create([.. tools.Select(t => t.Name).Where(n => n.Contains('_'))], StringComparison.OrdinalIgnoreCase);
    }

    public IReadOnlyList<ToolSpec> All { get; }

    /// <summary>The tool that evaluates arithmetic, if the pack has one.</summary>
    public ToolSpec? Calculator { get; }

    internal IReadOnlyDictionary<string, PackFunction> Functions { get; }

    internal Func<Db, object> Create { get; }

    /// <summary>The names with an underscore: in a person's text, such a word can only be a tool's name.</summary>
    internal SearchValues<string> Underscored { get; }

    public ToolSpec? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>
/// Reads attributes and signatures of the only public class of <c>Tools.cs</c> whose constructor takes a <see cref="Db"/>.
/// </summary>
internal static partial class ToolReading
{
    private const string File = "Tools.cs";

    /// <summary>
    /// The limit of endpoints for the name of a tool or argument: OpenAI, Anthropic and compatible ones refuse longer names.
    /// </summary>
    private const int LongestName = 64;

    public static ToolSet? Read(Assembly assembly, Func<string, int> lineOf, List<PackDiagnostic> faults)
    {
        var type = assembly.GetTypes().FirstOrDefault(t => t.IsPublic && t.GetConstructor([typeof(Db)]) is not null);
        if (type is null)
        {
            faults.Add(new(File, 0, "no public class has a constructor that takes a Db"));
            return null;
        }

        var tools = new List<ToolSpec>();
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (method.GetCustomAttribute<ToolAttribute>() is not { } attribute)
                continue;
            try
            {
                var tool = Tool(type, method, attribute);
                foreach (
                    var name in tool
                        .Parameters.Select(p => p.Name)
                        .Prepend(tool.Name)
                        .Where(n => n.Length > LongestName || !Name().IsMatch(n))
                )
                    throw new NotSupportedException(
                        $"the name {name} has {name.Length} characters; endpoints take up to {LongestName}, "
                            + "each a letter A to Z, a digit, _ or -"
                    );
                if (tools.Exists(t => t.Name == tool.Name))
                    throw new NotSupportedException($"there are two tools {tool.Name}; a tool has one method");
                tools.Add(tool);
            }
            catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
            {
                faults.Add(new(File, lineOf(method.Name), e.Message));
            }
        }

        var db = Expression.Parameter(typeof(Db));
        var create = Expression.Lambda<Func<Db, object>>(Expression.New(type.GetConstructor([typeof(Db)])!, db), db).Compile();
        return new(tools, PackFunctions.Read(type, lineOf, faults), create);
    }

    private static ToolSpec Tool(Type type, MethodInfo method, ToolAttribute attribute)
    {
        var name = Signature.Snake(method.Name);
        var parameters = method.GetParameters().Select(p => Parameter(p, $"{method.Name}.{p.Name}")).ToArray();
        var schema = Signature.ObjectSchema(parameters.Select(p => (p.Name, p.Schema, p.Optional)));
        if (SchemaKeywords.AllUnchecked(schema).FirstOrDefault() is { } reason)
            throw new NotSupportedException($"{method.Name}: {reason}");
        return new()
        {
            Name = name,
            Kind = attribute switch
            {
                WriteAttribute => ToolKind.Write,
                TransferAttribute => ToolKind.Transfer,
                _ => ToolKind.Read,
            },
            Definition = new(name, attribute.Description, schema),
            Parameters = parameters,
            Reveals = Words(
                attribute switch
                {
                    ReadAttribute r => r.Reveals,
                    WriteAttribute w => w.Reveals,
                    _ => "",
                }
            ),
            Omits = attribute is ReadAttribute { Omits: true },
            Calculates = attribute is ReadAttribute { Calculates: true },
            Changes = Words(attribute is WriteAttribute write ? write.Changes : ""),
            Guards = [.. method.GetCustomAttributes<GuardAttribute>().Select(g => Guard(type, method, g))],
            Invoke = Invoker(type, method),
        };
    }

    private static ToolParameter Parameter(ParameterInfo parameter, string where)
    {
        var (schema, binder, isList) = Signature.Of(parameter.ParameterType, parameter, where);
        var @default = parameter.HasDefaultValue ? ToJson(parameter.DefaultValue) : Json.Null;
        return new(
            Signature.Snake(parameter.Name!),
            parameter.GetCustomAttribute<IsAttribute>()?.Field,
            schema,
            parameter.HasDefaultValue,
            isList,
            parameter.HasDefaultValue ? v => v.IsNull ? parameter.DefaultValue : binder(v) : binder,
            @default,
            Signature.Parts(parameter.ParameterType)
        );
    }

    private static Json ToJson(object? value) =>
        value switch
        {
            null => Json.Null,
            string s => s,
            bool b => b,
            int i => i,
            double d => d,
            decimal m => m,
            Enum e => Signature.Snake(e.ToString()),
            _ => Json.Null,
        };

    private static GuardSpec Guard(Type type, MethodInfo tool, GuardAttribute attribute)
    {
        var method = type.GetMethod(attribute.Method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static);
        if (method is null || method.ReturnType != typeof(bool))
            throw new InvalidOperationException($"the guard {attribute.Method} of {tool.Name} is no static method that returns bool");
        var clause =
            method.GetCustomAttribute<ClauseAttribute>()?.Number
            ?? throw new InvalidOperationException($"the guard {attribute.Method} carries no [Clause(\"…\")]");
        var arguments = tool.GetParameters().ToDictionary(p => Signature.Snake(p.Name!), StringComparer.Ordinal);
        var parameters = method.GetParameters().Select(p => GuardParameterOf(p, arguments, attribute.Method, tool.Name)).ToArray();
        return new()
        {
            Name = attribute.Method,
            Clause = clause,
            Enforced = attribute.Enforced,
            Parameters = parameters,
            Test = Tester(method),
        };
    }

    private static GuardParameter GuardParameterOf(ParameterInfo p, Dictionary<string, ParameterInfo> arguments, string guard, string tool)
    {
        if (p.ParameterType == typeof(Db))
            return new(GuardInput.Db, p.Name!, null);
        var name = Signature.Snake(p.Name!);
        if (p.ParameterType == typeof(Row))
            return new(GuardInput.Row, name, null);
        if (!arguments.TryGetValue(name, out var argument))
            throw new InvalidOperationException(
                $"the guard {guard} takes {name}, which {tool} has no argument for; "
                    + "a guard takes Db, rows named as entities, and arguments of its tool"
            );
        return new(GuardInput.Argument, name, Parameter(argument, $"{tool}.{p.Name}").Binder);
    }

    private static Func<object, object?[], object?> Invoker(Type type, MethodInfo method)
    {
        var tools = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var call = Expression.Call(Expression.Convert(tools, type), method, Bound(method, arguments));
        var body =
            method.ReturnType == typeof(void)
                ? (Expression)Expression.Block(call, Expression.Constant(null, typeof(object)))
                : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object, object?[], object?>>(body, tools, arguments).Compile();
    }

    private static Func<object?[], bool> Tester(MethodInfo method)
    {
        var arguments = Expression.Parameter(typeof(object?[]));
        return Expression.Lambda<Func<object?[], bool>>(Expression.Call(method, Bound(method, arguments)), arguments).Compile();
    }

    private static IEnumerable<Expression> Bound(MethodInfo method, ParameterExpression arguments) =>
        method
            .GetParameters()
            .Select((p, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType));

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
