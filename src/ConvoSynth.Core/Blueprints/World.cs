namespace ConvoSynth.Core.Blueprints;

/// <summary>The database of a task in a run of many databases.</summary>
/// <param name="Seed">The seed that it was made from, as 16 hexadecimal digits.</param>
/// <param name="Generator">The hash of the pack that made it: its sources and its own tables.</param>
/// <param name="Data">SHA-256 of its tables and parameters. The same seed and generator must give the same.</param>
public sealed record World(string Seed, string Generator, string Data);
