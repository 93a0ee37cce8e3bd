using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Tests.Retail;

namespace ConvoSynth.Domains.Tests.Environments;

public sealed class DialogueEnvironmentTests
{
    private const string Cancel = """{"order_id":"#P","reason":"no longer needed"}""";

    private readonly DialogueEnvironment _environment = RetailPack.NewShop();

    [Theory]
    [InlineData("no_such_tool", "{}", "Error: unknown tool no_such_tool")]
    [InlineData("get_order_details", "{}", "Error: invalid arguments: order_id is missing")]
    [InlineData(
        "get_order_details",
        """{"order_id":"#P","extra":1}""",
        "Error: invalid arguments: get_order_details has no argument extra"
    )]
    [InlineData("get_order_details", """{"order_id":7}""", "Error: invalid arguments: 7 is not a text")]
    [InlineData("get_order_details", "[]", "Error: invalid arguments: an object is wanted")]
    [InlineData(
        "return_delivered_order_items",
        """{"order_id":"#D","item_ids":"A","payment_method_id":"paypal_1"}""",
        "Error: invalid arguments: \"A\" is not a list"
    )]
    public void What_an_agent_can_get_wrong_is_an_observation(string tool, string arguments, string expected)
    {
        var result = _environment.Call(tool, arguments);
        (result.Text, result.IsError).Should().Be((expected, true));
    }

    [Theory]
    [InlineData("""{"order_id":"#P" """)]
    [InlineData("""{"order_id":"#P","order_id":"#D"}""")]
    [InlineData("""{"order_id":"\ud800"}""")]
    public void Arguments_that_are_no_strict_json_are_an_observation(string arguments) =>
        _environment.Call("get_order_details", arguments).Text.Should().StartWith("Error: invalid arguments: ");

    [Fact]
    public void One_dialogue_does_not_see_what_another_writes()
    {
        var other = RetailPack.NewShop();
        _environment.Call("cancel_pending_order", Cancel).IsError.Should().BeFalse();
        other.Call("get_order_details", """{"order_id":"#P"}""").Value["status"].Text.Should().Be("pending");
        other.Diff().IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Reads_leave_no_trace()
    {
        foreach (
            var (tool, arguments) in new[]
            {
                ("get_order_details", """{"order_id":"#P"}"""),
                ("get_user_details", """{"user_id":"kim"}"""),
                ("list_all_product_types", "{}"),
                ("think", """{"thought":"hm"}"""),
            }
        )
            _environment.Call(tool, arguments).IsError.Should().BeFalse(tool);
        _environment.Db.Writes.Should().BeEmpty();
        _environment.Diff().Should().Be(StateDiff.Empty);
    }

    [Fact]
    public void A_patch_is_where_the_dialogue_begins_and_no_change_of_it() => _environment.Diff().IsEmpty.Should().BeTrue();

    [Fact]
    public void The_same_calls_give_the_same_observations_and_diff()
    {
        var again = RetailPack.NewShop();
        _environment.Call("cancel_pending_order", Cancel).Should().Be(again.Call("cancel_pending_order", Cancel));
        _environment.Diff().Should().Be(again.Diff());
    }

    [Fact]
    public void Plain_text_is_observed_without_quotes() =>
        _environment.Call("find_user_id_by_email", """{"email":"kim@post.example"}""").Text.Should().Be("kim");

    [Fact]
    public void A_guard_about_a_row_that_is_not_there_says_nothing()
    {
        var tool = RetailPack.Own.Tools.Find("cancel_pending_order")!;
        RetailPack
            .Own.Guards.Test(
                _environment.Db,
                tool,
                tool.Guards[0],
                (JsonMap)Json.Parse("""{"order_id":"#none","reason":"no longer needed"}""")
            )
            .Should()
            .BeNull();
    }
}
