using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Models.Tests;

/// <summary>Marks that servers leave of their templates, and texts that persons write.</summary>
public sealed class TemplateMarksTests
{
    [Theory]
    [InlineData("Hello.<|im_end|>")]
    [InlineData("Hello.<|im_end|>\n<|im_start|>user\nHi")]
    [InlineData("Hello.<|eot_id|>")]
    [InlineData("Hello.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi")]
    [InlineData("Hello.</s>")]
    [InlineData("<s>Hello.</s>")]
    [InlineData("<s> Hello.")]
    [InlineData("[INST] Hello. [/INST]")]
    [InlineData("<<SYS>>Be good.<</SYS>>Hello.")]
    [InlineData("Hello.<｜end▁of▁sentence｜>")]
    [InlineData("Hello.<｜User｜>Hi")]
    [InlineData("Hello.<end_of_turn>")]
    [InlineData("Hello.<end_of_turn>\n<start_of_turn>user\nHi")]
    [InlineData("Hello.<turn|>")]
    [InlineData("Hello.<|return|>")]
    [InlineData("<|channel|>final<|message|>Hello.<|return|>")]
    [InlineData("Hello.<|endoftext|>")]
    [InlineData("Hello.<|end|>")]
    [InlineData("Hello.<|user|>Hi<|assistant|>Hello.")]
    [InlineData("Hello.<|END_OF_TURN_TOKEN|>")]
    [InlineData("Hello.<|observation|>")]
    [InlineData("[gMASK]<sop>Hello.")]
    [InlineData("Hello.[|endofturn|]")]
    [InlineData("Hello.<eos>")]
    [InlineData("Hello.&lt;|im_end|&gt;")]
    [InlineData("Hello.<| im_end |>")]
    [InlineData("Hello.<|im_en")]
    [InlineData("Hello.|im_end|>")]
    [InlineData("Hello. im_end")]
    [InlineData("Hello.<reserved_106>")]
    [InlineData("Hello.<0x0A>")]
    [InlineData("Hello.\ndata: [DONE]")]
    [InlineData("Hello.</s")]
    [InlineData("Hello.<|")]
    [InlineData("Hello. [/INST")]
    [InlineData("Hello.<end>")]
    [InlineData("Hello. [END]")]
    [InlineData("Hello.[UNUSED_TOKEN_145]")]
    [InlineData("Hello.[PAD151645]")]
    [InlineData("Hello.[control_8]")]
    [InlineData("<<<ANSWER>>>Hello.<<<END_ANSWER>>>")]
    public void A_mark_of_any_family_is_found(string text) => TemplateMarks.Find(text)!.Value.Kind.Should().Be(LeakKind.Mark);

    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"find\", \"arguments\": {}}\n</tool_call>")]
    [InlineData("One moment.\n</tool_call>")]
    [InlineData("<function=find>{\"id\": 1}</function>")]
    [InlineData("<tools>{}</tools>")]
    [InlineData("<minimax:tool_call><invoke name=\"find\"></invoke></minimax:tool_call>")]
    [InlineData("<invoke name=\"find\"><parameter name=\"id\">1</parameter></invoke>")]
    [InlineData("<TOOLCALL>[find(id=1)]</TOOLCALL>")]
    [InlineData("<|python_tag|>find.call(id=1)")]
    [InlineData("<|tool_calls_section_begin|><|tool_call_begin|>functions.find:0")]
    [InlineData("<｜tool▁calls▁begin｜>function<｜tool▁sep｜>find")]
    [InlineData("<｜DSML｜invoke name=\"find\">")]
    [InlineData("[TOOL_CALLS] [{\"name\": \"find\", \"arguments\": {}}]")]
    [InlineData("{\"name\": \"find\", \"arguments\": {\"id\": 1}}")]
    [InlineData("```json\n{\"name\": \"find\", \"parameters\": {\"id\": 1}}\n```")]
    [InlineData("Let me look that up. {\"name\":\"find\",\"arguments\":{\"id\":1}}")]
    [InlineData("{'name': 'find', 'arguments': {'id': 1}}")]
    [InlineData("{\"arguments\": {\"id\": 1}, \"name\": \"find\"}")]
    [InlineData("{\"tool\": \"find\", \"args\": {}}")]
    [InlineData("{\"action\": \"find\", \"action_input\": {\"id\": 1}}")]
    [InlineData("{\"tool_calls\": [{\"id\": \"1\"}]}")]
    [InlineData("{\"type\": \"function\", \"function\": {\"name\": \"find\"}}")]
    [InlineData("functools[{\"name\": \"find\", \"arguments\": {}}]")]
    [InlineData("[find_order(order_id=\"W1\"), find_user(id=2)]")]
    [InlineData("Let me see.\nfind_order(order_id='W1')")]
    [InlineData("assistantcommentary to=functions.find json{\"id\":1}")]
    [InlineData("<|channel|>commentary to=functions.find <|constrain|>json<|message|>{\"id\":1}<|call|>", LeakKind.Mark)]
    [InlineData("```tool_code\nfind(id=1)\n```")]
    [InlineData("✿FUNCTION✿: find\n✿ARGS✿: {}")]
    [InlineData("Thought: look\nAction: find\nAction Input: {\"id\": 1}")]
    [InlineData("One moment.\n<get_order>\n<order_id>1</order_id>\n</get_order>")]
    [InlineData("<tool_name>find</tool_name><tool_input>{\"id\": 1}</tool_input>")]
    [InlineData("<call>find(1)</call>")]
    [InlineData("<tool>get_order</tool>")]
    [InlineData("<execute>find 1</execute>")]
    [InlineData("One moment.\nprint(default_api.get_order(order_id=\"W1\"))")]
    [InlineData("result = get_order(order_id=\"W1\")")]
    [InlineData("One moment: get_order({\"id\": 1}).")]
    [InlineData("@get_order(id=1)")]
    [InlineData("One moment.get_order{\"id\": 1}")]
    [InlineData("One moment.\nget_order\n{\"id\": 1}")]
    [InlineData("functions.get_order:0{\"id\": 1}")]
    [InlineData("commentary to=get_order json{\"id\": 1}")]
    [InlineData(">>>get_order\n{\"id\": 1}")]
    [InlineData("One moment.\n<<<TOOL_CALL>>>\nget_order")]
    [InlineData("TOOL_CALL_BLOCK>>>\nget_order 1")]
    [InlineData("function get_order\n```json\n{\"id\": 1}\n```")]
    [InlineData("call:get_order{id:1}")]
    [InlineData("{\"tool_name\": \"get_order\", \"tool_args\": {\"id\": 1}}")]
    [InlineData("{\\\"name\\\": \\\"find\\\", \\\"arguments\\\": {}}")]
    [InlineData("[Tool call: find(1)]")]
    [InlineData("Action: get_order[W1]")]
    [InlineData("tool: get_order\narguments:\n  id: 1")]
    [InlineData("One moment.\nCalling `get_order` with {\"id\": 1}")]
    [InlineData("tool_code\nfind(1)")]
    [InlineData("$ get_order W1")]
    [InlineData("One moment.\nObservation: {\"status\": \"ok\"}")]
    public void A_call_as_text_is_found(string text, LeakKind kind = LeakKind.Call) =>
        TemplateMarks.Find(text)!.Value.Kind.Should().Be(kind);

    [Theory]
    [InlineData("Which card?\nUser: It is 20000001.")]
    [InlineData("Which card?\n\nHuman: yes")]
    [InlineData("I would like a refund.\nAgent: Of course. What is your order number?\nUser: W1")]
    [InlineData("Which card?\n\nCustomer: i have no card with me right now")]
    [InlineData("Which card?\n**User:** Here it is: 20000001.")]
    [InlineData("Which card?\n### Human: Thanks, that is all.")]
    [InlineData("Which card?\n### Instruction:\nRenew it.")]
    [InlineData("Which card?\nUSER: Thanks!\nASSISTANT: You are welcome.")]
    [InlineData("Which card?\nHuman:")]
    [InlineData("It is renewed.\nAssistant: Done.")]
    [InlineData("It is renewed.\nCustomer: Wonderful!")]
    [InlineData("Assistant: Sure, I can help.")]
    [InlineData("assistant\n\nWhich card?")]
    [InlineData("Which card?\nuser\nIt is 20000001.")]
    [InlineData("Which card?userIt is this one.")]
    [InlineData("Which card?<user>It is this one.</user>")]
    [InlineData("<customer>It is this one.</customer>")]
    [InlineData("Which card?\n\nUser 1: Yes, please.")]
    [InlineData("Which card?\nQ: What is next?\nA: Nothing.")]
    public void A_further_turn_is_found(string text) => TemplateMarks.Find(text)!.Value.Kind.Should().Be(LeakKind.Turn);

    [Theory]
    [InlineData("Look at <think> in the middle of a line, which never ends.")]
    public void Thoughts_that_cannot_be_taken_apart_are_found(string text) =>
        TemplateMarks.Find(text)!.Value.Kind.Should().Be(LeakKind.Thought);

    [Theory]
    [InlineData("caf\uFFFD au lait")]
    [InlineData("HelloĠthere,ĠhowĠareĠyou?")]
    [InlineData("Hello.ĊĊ")]
    [InlineData("Hello▁there")]
    [InlineData("Hello.\0")]
    [InlineData("\u001b[0mHello.")]
    [InlineData("I donâ€™t know.")]
    [InlineData("I don&#39;t know; salt &amp; pepper.")]
    [InlineData("\\u003cp\\u003eHello.")]
    [InlineData("Hello.\\nWhich card?")]
    [InlineData("\\nHello.")]
    [InlineData("<!-- say hello -->Hello.")]
    public void Text_in_a_broken_encoding_is_found(string text) => TemplateMarks.Find(text)!.Value.Kind.Should().Be(LeakKind.Broken);

    [Theory]
    [InlineData("{\"thought\": \"Hm.\", \"response\": \"Hello.\"}")]
    [InlineData("{\"role\": \"assistant\", \"content\": \"Hello.\"}")]
    [InlineData("```json\n{\"message\": \"Hello.\"}\n```")]
    [InlineData("{\"order_id\": \"#W1\"}")]
    public void JSON_in_place_of_words_is_found(string text) => TemplateMarks.Find(text)!.Value.Kind.Should().Be(LeakKind.Json);

    [Theory]
    [InlineData("5 < 6, 7 > 3 and 2 <= 4")]
    [InlineData("I <3 this, thanks :) <- really ->")]
    [InlineData("Is a <b> tag allowed in a <i>comment</i>? And <s>$60</s> $50?")]
    [InlineData("The total was <total>; fill in <your name>.")]
    [InlineData("| Item | Price |\n|------|-------|\n| Lamp | $5.00 |")]
    [InlineData("Yes, please pay with [{\"payment_id\": \"gift_card_3166319\", \"amount\": 300}].")]
    [InlineData("For example: \"YES, Aarav [LASTNAME] 1990-01-01\"")]
    [InlineData("- **User**: mia_kim_4397\n- **Trip**: round trip")]
    [InlineData("Customer: Mei Kovacs\nOrder: #W123\nAgent: Sam Lee")]
    [InlineData("User: mia_kim_4397\nEmail: mia@example.com")]
    [InlineData("**Customer:**\n- Mei Kovacs\n- 28236")]
    [InlineData("userId: 17, userName: mia")]
    [InlineData("To the agent: thank you. My question to the user is this.")]
    [InlineData("My order comment says [gift] and [fragile]; see instruction (3).")]
    [InlineData("The function is off, the parameter is wrong and the tool call failed.")]
    [InlineData("Please call me (555-0100) or write to me at a_b@example.com.")]
    [InlineData("get_order_details is not something that I know.")]
    [InlineData("Action: none needed.\nReason: it was delivered.")]
    [InlineData("Dear system, human here: end of text")]
    [InlineData("| <-- here | there --> |")]
    [InlineData("| price < | 5.00 |")]
    [InlineData("Ġorġ and Ċensu from Malta sent a café crème to Zoë — 5 × 3 = 15 … “fine”.")]
    [InlineData("Charge gift_card_3166319 (the last one) -- and mia_kim_4397's card_5 {the blue one}.")]
    [InlineData("I would like [this one] or {that one}; the tool: a drill. Action: cancel it.")]
    [InlineData("Salt & pepper; AT&T; R&D; C:\\new\\users and a/b.")]
    [InlineData("{curly} braces and a list: [1, 2]")]
    [InlineData("")]
    [InlineData(null)]
    public void The_words_of_a_person_are_no_marks(string? text) => TemplateMarks.Find(text).Should().BeNull();

    [Theory]
    [InlineData("find<|channel|>commentary", "{}")]
    [InlineData("find", "{\"id\": 1}<|im_end|>")]
    public void A_mark_in_a_call_is_found(string name, string arguments) =>
        TemplateMarks.Find(Message.Calls(new ToolCall("c1", name, arguments)))!.Value.Kind.Should().Be(LeakKind.Mark);

    [Theory]
    [InlineData("{\"note\": \"shell\\n</parameter>\"}", LeakKind.Call)]
    [InlineData("{\"note\": \"late</arg_value>\"}", LeakKind.Call)]
    [InlineData("{\"note\": \"late\\u003c|im_end|\\u003e\"}", LeakKind.Mark)]
    [InlineData("{\"note\": \"late <think>is it?</think>\"}", LeakKind.Thought)]
    [InlineData("{\"items\": [{\"name\": \"caf\uFFFD\"}]}", LeakKind.Broken)]
    public void A_leak_in_what_a_tool_is_given_is_found(string arguments, LeakKind kind) =>
        TemplateMarks.Find(Message.Calls(new ToolCall("c1", "find", arguments)))!.Value.Kind.Should().Be(kind);

    [Theory]
    [InlineData("{\"name\": \"caf\\u00e9\", \"note\": \"First line.\\nSecond line.\"}")]
    [InlineData("{\"note\": \"R&D <b>now</b>\", \"ids\": [\"a_1\"]}")]
    public void Escapes_of_JSON_in_a_call_are_no_leak(string arguments) =>
        TemplateMarks.Find(Message.Calls(new ToolCall("c1", "find", arguments))).Should().BeNull();

    [Fact]
    public void Arguments_of_a_call_are_no_call_as_text() =>
        TemplateMarks
            .Find(Message.Calls(new ToolCall("c1", "think", "{\"thought\": \"User: said yes. <b>{\\\"name\\\": 1}\"}")))
            .Should()
            .BeNull();

    [Fact]
    public void What_is_found_is_named_and_shortened()
    {
        TemplateMarks.Find("Hello.<|im_end|>")!.Value.ToString().Should().Be("\"<|im_end|>\", a mark of the model's template");
        TemplateMarks.Find($"Hi.\nUser: {new string('a', 100)} please do.")!.Value.Text.Should().HaveLength(61).And.EndWith("…");
    }

    [Fact]
    public void A_long_text_is_searched_in_no_time()
    {
        foreach (
            var piece in (string[])
                [
                    "<|",
                    "{\"name\": ",
                    "User: ",
                    "\n[",
                    "a_b(",
                    "<s>",
                    "   ",
                    "a.",
                    "a_b ",
                    "```",
                    "<a_b",
                    "tool: ",
                    "[think]",
                    "/think",
                    "&lt;",
                ]
        )
            TemplateMarks.Find(string.Concat(Enumerable.Repeat(piece, 20_000)));
    }
}
