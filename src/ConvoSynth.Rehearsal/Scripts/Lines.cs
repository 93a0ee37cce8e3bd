using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// Ways to say one thing, by manner. <see cref="Plain"/> always has several; the others are taken by persons who are like that.
/// <c>{0}</c> stands for what the line is about.
/// </summary>
internal sealed record Lines(params string[] Plain)
{
    /// <summary>Short and without ceremony.</summary>
    public string[] Brief { get; init; } = [];

    /// <summary>With please, thank you and so on.</summary>
    public string[] Polite { get; init; } = [];

    /// <summary>With more words than are needed.</summary>
    public string[] Chatty { get; init; } = [];
}

/// <summary>A persona's dials, and the choice of lines by them.</summary>
internal sealed class Manner
{
    private readonly SeededRandom _random;

    public Manner(Json traits, SeededRandom random)
    {
        _random = random;
        Brief = Dial(traits, "brief");
        Polite = Dial(traits, "polite");
        Chatty = Dial(traits, "chatty");
        Hurried = Dial(traits, "hurried");
        Unsure = Dial(traits, "unsure");
    }

    public double Brief { get; }

    public double Polite { get; }

    public double Chatty { get; }

    public double Hurried { get; }

    public double Unsure { get; }

    /// <summary>One of the ways, by the person's manner.</summary>
    public string Pick(Lines lines)
    {
        if (lines.Brief.Length > 0 && _random.Chance(Math.Max(Brief, Hurried) * 0.85)) return _random.Pick(lines.Brief);
        if (lines.Chatty.Length > 0 && _random.Chance(Chatty * 0.7)) return _random.Pick(lines.Chatty);
        if (lines.Polite.Length > 0 && _random.Chance(Polite * 0.7)) return _random.Pick(lines.Polite);
        return _random.Pick(lines.Plain);
    }

    // A persona that leaves a dial out is ordinary in that respect.
    private static double Dial(Json traits, string name) => Math.Clamp(traits[name].Number ?? 0.3, 0, 1);
}
