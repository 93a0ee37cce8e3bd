using System.Globalization;
using System.Text.Json;
using ConvoSynth.Models;

namespace ConvoSynth.Endpoint;

/// <summary>
/// Reads a request's <c>metadata</c>, pairs of strings, of which those that begin with <c>convosynth_</c> name the script. Others are let pass.
/// </summary>
internal static class MetadataReading
{
    /// <summary>Reads the object that the reader stands at the beginning of; null where no script is named.</summary>
    /// <exception cref="RefusedException">A script is named, but not well.</exception>
    public static ScriptCall? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) throw RefusedException.Invalid("metadata must be an object of strings", "metadata");
        var pairs = default(Pairs);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ref var value = ref pairs.Find(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw RefusedException.Invalid("metadata must be an object of strings", "metadata");
            value = reader.GetString();
        }

        return pairs.Run is null ? null : Call(pairs);
    }

    private static ScriptCall Call(Pairs pairs)
    {
        var role = Needed(pairs.Role, "role");
        if (role is not ("human" or "agent" or "writer") && (!role.StartsWith("judge:", StringComparison.Ordinal) || role.Length == 6))
            throw Wrong("role", role, "human, agent, writer, or judge: and a name");
        var index = Whole(Needed(pairs.Index, "index"), "index", 0, long.MaxValue);
        var count = pairs.Count is null ? (long?)null : Whole(pairs.Count, "count", 1, long.MaxValue);
        if (index >= count) throw Wrong("index", pairs.Index!, $"below the count, {count}");
        return new(
            new(Needed(pairs.Domains, "domains"), Whole(Needed(pairs.Seed, "seed"), "seed", long.MinValue, long.MaxValue), count, Rate(pairs.FaultRate),
                Named(pairs.Data), Named(pairs.Blueprints)),
            new(
                new(pairs.Run!, index, (int)Whole(pairs.Attempt ?? "0", "attempt", 0, int.MaxValue)),
                role, (int)Whole(pairs.Step ?? "0", "step", 0, int.MaxValue), pairs.Part ?? ""),
            pairs.Candidates is null ? null : (int)Whole(pairs.Candidates, "candidates", 1, 1000));
    }

    private static string? Named(string? path) => path is null or "" ? null : path;

    private static string Needed(string? value, string name) => value ?? throw RefusedException.Invalid($"the metadata names a script but has no convosynth_{name}", $"metadata.convosynth_{name}");

    private static long Whole(string text, string name, long from, long to) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to
            ? value
            : throw Wrong(name, text, from == long.MinValue ? "a whole number" : $"a whole number from {from}{(to == long.MaxValue ? "" : $" to {to}")}");

    private static double Rate(string? text)
    {
        if (text is null) return 0;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1 ? rate : throw Wrong("fault_rate", text, "from 0 to 1");
    }

    private static RefusedException Wrong(string name, string value, string must) =>
        RefusedException.Invalid($"metadata.convosynth_{name} is \"{value}\"; it must be {must}", $"metadata.convosynth_{name}");

    private struct Pairs
    {
        public string? Run;
        public string? Domains;
        public string? Seed;
        public string? Count;
        public string? Index;
        public string? Attempt;
        public string? Role;
        public string? Step;
        public string? Part;
        public string? FaultRate;
        public string? Data;
        public string? Blueprints;
        public string? Candidates;
        private string? _other;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref string? Find(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("convosynth_run"u8)) return ref Run;
            if (reader.ValueTextEquals("convosynth_domains"u8)) return ref Domains;
            if (reader.ValueTextEquals("convosynth_seed"u8)) return ref Seed;
            if (reader.ValueTextEquals("convosynth_count"u8)) return ref Count;
            if (reader.ValueTextEquals("convosynth_index"u8)) return ref Index;
            if (reader.ValueTextEquals("convosynth_attempt"u8)) return ref Attempt;
            if (reader.ValueTextEquals("convosynth_role"u8)) return ref Role;
            if (reader.ValueTextEquals("convosynth_step"u8)) return ref Step;
            if (reader.ValueTextEquals("convosynth_part"u8)) return ref Part;
            if (reader.ValueTextEquals("convosynth_fault_rate"u8)) return ref FaultRate;
            if (reader.ValueTextEquals("convosynth_data"u8)) return ref Data;
            if (reader.ValueTextEquals("convosynth_blueprints"u8)) return ref Blueprints;
            if (reader.ValueTextEquals("convosynth_candidates"u8)) return ref Candidates;
            return ref _other;
        }
    }
}
