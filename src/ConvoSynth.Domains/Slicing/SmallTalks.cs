using System.Collections.Immutable;

namespace ConvoSynth.Domains.Slicing;

/// <summary>Something that people bring up although it has nothing to do with what they want.</summary>
/// <param name="Cues">Words of the subject. A pack whose policy or tools have one of them may be about it.</param>
public sealed record SmallTalkSubject(string Name, ImmutableArray<string> Cues, ImmutableArray<string> Words);

/// <summary>The subjects with which humans may begin.</summary>
public static class SmallTalks
{
    /// <summary>Each subject with ways to bring it up.</summary>
    public static ImmutableArray<SmallTalkSubject> All { get; } =
    [
        new(
            "weather",
            ["weather", "rain"],
            [
                "Is it raining where you are, too? It has been pouring here since this morning.",
                "Do you happen to know what the weather will be like on Sunday?",
                "What awful weather! Is it any better where you are?",
            ]
        ),
        new(
            "machine",
            ["robot", "machine"],
            [
                "Am I talking to a person or to a machine?",
                "Hm, are you a real person, or one of those robots?",
                "Before anything else: is there a human being at the other end, or a machine?",
            ]
        ),
        new(
            "lunch",
            ["lunch", "restaurant"],
            [
                "Do you know a nice place for lunch around here?",
                "You don't happen to know a good Italian restaurant, do you?",
                "I'm so hungry. Do you know whether there is a decent restaurant near the station?",
            ]
        ),
        new(
            "match",
            ["match last", "football"],
            [
                "Did you see the match last night? What a game!",
                "Who won the football last night? I fell asleep.",
                "Do you follow football at all? I still can't believe last night's result.",
            ]
        ),
        new(
            "crossword",
            ["crossword", "puzzle"],
            [
                "I'm stuck in my crossword: a river in Europe with five letters. Any idea?",
                "Are you good at crosswords? I need a bird with four letters.",
            ]
        ),
        new(
            "day",
            ["how are you"],
            [
                "How are you today? I hope that they let you have a break now and then.",
                "How is your day going? Mine has been one long queue so far.",
                "Hello! How are things at your end?",
            ]
        ),
        new(
            "recipe",
            ["recipe", "cake"],
            ["Do you know a good recipe for rhubarb cake?", "My cake has sunk in the middle again. Do you have a recipe that works?"]
        ),
        new(
            "grandchild",
            ["grandchild", "grandmother"],
            [
                "I've just become a grandmother, isn't that wonderful?",
                "My first grandchild was born this morning. I simply have to tell everybody!",
            ]
        ),
    ];
}
