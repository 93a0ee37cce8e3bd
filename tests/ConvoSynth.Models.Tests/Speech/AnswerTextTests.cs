using ConvoSynth.Models.Speech;

namespace ConvoSynth.Models.Tests;

/// <summary>Splitting a text into speech and thoughts.</summary>
public sealed class AnswerTextTests
{
    [Theory]
    [InlineData("<think>\nHm, the card.\n</think>\n\nHello.")]
    [InlineData("<THINK>Hm, the card.</THINK>Hello.")]
    [InlineData("<thinking>Hm, the card.</thinking> Hello.")]
    [InlineData("<thought>Hm, the card.</thought>Hello.")]
    [InlineData("<thoughts>Hm, the card.</thoughts>Hello.")]
    [InlineData("<reasoning>Hm, the card.</reasoning>\nHello.")]
    [InlineData("<reflection>Hm, the card.</reflection>Hello.")]
    [InlineData("<antThinking>Hm, the card.</antThinking>Hello.")]
    [InlineData("<seed:think>Hm, the card.</seed:think>Hello.")]
    [InlineData("<longcat_think>Hm, the card.</longcat_think>Hello.")]
    [InlineData("<inner_monologue>Hm, the card.</inner_monologue>Hello.")]
    [InlineData("<analysis>Hm, the card.</analysis>\nHello.")]
    [InlineData("<internal>Hm, the card.</internal>Hello.")]
    [InlineData("<think duration=\"3s\" depth=2>Hm, the card.</think>Hello.")]
    [InlineData("<details type=\"reasoning\" done=\"true\">Hm, the card.</details>Hello.")]
    [InlineData("&lt;think&gt;Hm, the card.&lt;/think&gt;Hello.")]
    [InlineData("＜think＞Hm, the card.＜/think＞Hello.")]
    [InlineData("[THINK]Hm, the card.[/THINK]Hello.")]
    [InlineData("◁think▷Hm, the card.◁/think▷Hello.")]
    [InlineData("<|START_THINKING|>Hm, the card.<|END_THINKING|><|START_RESPONSE|>Hello.<|END_RESPONSE|>")]
    [InlineData("<|begin_of_thought|>Hm, the card.<|end_of_thought|>\n\n<|begin_of_solution|>\nHello.\n<|end_of_solution|>")]
    [InlineData("<|inner_prefix|>Hm, the card.<|inner_suffix|>Hello.")]
    [InlineData("<|channel>thought\nHm, the card.<channel|>Hello.")]
    [InlineData("<unused94>thought\nHm, the card.<unused95>Hello.")]
    [InlineData("<|channel|>analysis<|message|>Hm, the card.<|end|><|start|>assistant<|channel|>final<|message|>Hello.")]
    [InlineData("Hm, the card.<|end|><|start|>assistant<|channel|>final<|message|>Hello.")]
    [InlineData("analysisHm, the card.assistantfinalHello.")]
    [InlineData("<think>Hm, the card.</think><answer>Hello.</answer>")]
    [InlineData("<think>Hm, the card.</think>\n<response>\nHello.")]
    [InlineData("<think>Hm, the card.</thinking>Hello.")]
    [InlineData("Hm, the card.\n</think>\n\nHello.")]
    [InlineData("Hm, the card.◁/think▷Hello.")]
    [InlineData("Hm, the card.[/THINK]Hello.")]
    [InlineData("Here is my thought process: Hm, the card. Here is my response: Hello.")]
    [InlineData("Thought:\nHm, the card.\n\nUser Response:\nHello.")]
    [InlineData("**Thinking:** Hm, the card.\n**Answer:** Hello.")]
    [InlineData("### Thought\nHm, the card.\n\n### Response\nHello.")]
    [InlineData("Thinking...\nHm, the card.\n...done thinking.\n\nHello.")]
    [InlineData("```thinking\nHm, the card.\n```\nHello.")]
    [InlineData("<!-- thinking Hm, the card. -->\nHello.")]
    [InlineData("[think]Hm, the card.[/think]\nHello.")]
    [InlineData("{thinking}Hm, the card.{/thinking}\nHello.")]
    [InlineData("<<think>>Hm, the card.<</think>>\nHello.")]
    [InlineData("\\<think\\>Hm, the card.\\</think\\>\nHello.")]
    [InlineData("\\u003cthink\\u003eHm, the card.\\u003c/think\\u003eHello.")]
    [InlineData("<think>\nHm, the card.\n</think\n\nHello.")]
    [InlineData("think>\nHm, the card.\n</think>\n\nHello.")]
    [InlineData("Hm, the card.\n/think>\n\nHello.")]
    [InlineData("Hm, the card.\n</think\n\nHello.")]
    public void Thoughts_of_any_family_are_no_speech(string text) =>
        AnswerText
            .Of(text)
            .Should()
            .BeEquivalentTo(
                new
                {
                    Speech = "Hello.",
                    Thoughts = "Hm, the card.",
                    IsTakenApart = true,
                }
            );

    [Theory]
    [InlineData("<think>a</think>One.<think>b</think> Two.", "One. Two.", "a\n\nb")]
    [InlineData("One.\n<think>a</think>\nTwo.", "One.\n\nTwo.", "a")]
    [InlineData("<think>I end with </think> when I am done.</think>Hello.", "Hello.", "I end with\n\nwhen I am done.")]
    [InlineData("<think>never ###STOP### here: <think> is a tag</think>Hello.", "Hello.", "never ###STOP### here: <think> is a tag")]
    [InlineData("<think>\n\n</think>\n\nHello.", "Hello.", null)]
    [InlineData("<think/>Hello.", "Hello.", null)]
    [InlineData("<think>cut off in the midd", "", "cut off in the midd")]
    [InlineData("Hello.\n<think>cut off", "Hello.", "cut off")]
    [InlineData("only thoughts</think>", "", "only thoughts")]
    [InlineData("<answer>Hello.</answer>", "Hello.", null)]
    public void Several_thoughts_empty_ones_and_those_that_were_cut_off_are_told_from_speech(string text, string speech, string? thoughts)
    {
        var apart = AnswerText.Of(text);

        (apart.Speech, apart.Thoughts, apart.IsTakenApart).Should().Be((speech, thoughts, true));
    }

    [Theory]
    [InlineData("Hello.")]
    [InlineData("  Hello.\n")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("5 < 6, a <b>bold</b> word, <3 and [1].")]
    [InlineData("I think <that> is it; my thought: none.")]
    [InlineData("[thinking] Let me see.")]
    [InlineData("Thoughts?\n> the card is mine\nIs that right?")]
    [InlineData("# Reasoning\nit is late")]
    [InlineData("The reasoning: it is late. Answer: no.")]
    [InlineData("analysis of your order: final total $5")]
    [InlineData("{\"evidence\": \"it says <think>a</think> b\", \"answer\": true}")]
    [InlineData("Look at <think> in the middle of a line, which never ends.")]
    public void Other_texts_stay_as_they_are(string? text) => AnswerText.Of(text).Should().Be(new AnswerText(text, null));

    [Fact]
    public void A_long_text_of_marks_is_taken_apart_in_no_time()
    {
        var text =
            string.Concat(Enumerable.Repeat("<think>a</think> b <think ", 5_000)) + new string('<', 20_000) + new string(' ', 20_000);

        AnswerText.Of(text).Speech.Should().StartWith("b <think");
    }
}
