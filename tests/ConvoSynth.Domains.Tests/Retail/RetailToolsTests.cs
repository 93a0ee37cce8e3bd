using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;

namespace ConvoSynth.Domains.Tests.Retail;

public sealed class RetailToolsTests
{
    private readonly DialogueEnvironment _shop = RetailPack.NewShop();

    [Fact]
    public void A_customer_is_found_by_email_in_any_case()
    {
        Call("find_user_id_by_email", """{"email":"KIM@post.example"}""").Text.Should().Be("kim");
        Call("find_user_id_by_email", """{"email":"tim@post.example"}""").IsError.Should().BeTrue();
    }

    [Fact]
    public void A_customer_is_found_by_name_in_any_case_and_the_exact_zip_code()
    {
        Call("find_user_id_by_name_zip", """{"first_name":"kim","last_name":"BERG","zip":"55801"}""").Text.Should().Be("kim");
        Call("find_user_id_by_name_zip", """{"first_name":"Kim","last_name":"Berg","zip":"55802"}""").IsError.Should().BeTrue();
    }

    [Fact]
    public void A_customer_who_moved_is_found_by_the_new_zip_code_only()
    {
        Call(
            "modify_user_address",
            """{"user_id":"kim","address1":"2 Second Street","address2":"","city":"Reno","state":"NV","country":"USA","zip":"89501"}"""
        );
        Call("find_user_id_by_name_zip", """{"first_name":"Kim","last_name":"Berg","zip":"89501"}""").Text.Should().Be("kim");
        Call("find_user_id_by_name_zip", """{"first_name":"Kim","last_name":"Berg","zip":"55801"}""").IsError.Should().BeTrue();
    }

    [Fact]
    public void Products_are_listed_by_name_in_order()
    {
        var names = ((JsonMap)Call("list_all_product_types", "{}").Value).Keys;
        names.Should().HaveCount(52).And.BeInAscendingOrder(StringComparer.Ordinal).And.Contain("Egg Cup");
    }

    [Fact]
    public void Cancelling_refunds_a_gift_card_at_once()
    {
        Call("cancel_pending_order", """{"order_id":"#G","reason":"no longer needed"}""").Value["status"].Text.Should().Be("cancelled");
        Changed("users/kim/payment_methods/gift_card_1/balance").Should().Be((Json)34.5);
        Changed("orders/#G/payment_history").Items.Should().HaveCount(2);
    }

    [Fact]
    public void Cancelling_leaves_other_payment_methods_to_the_bank()
    {
        Call("cancel_pending_order", """{"order_id":"#P","reason":"ordered by mistake"}""").IsError.Should().BeFalse();
        _shop.Diff().Changes.Should().OnlyContain(c => c.Path[0] == "orders");
    }

    [Fact]
    public void Moving_a_payment_charges_the_new_gift_card_and_refunds_the_old_payment()
    {
        Call("modify_pending_order_payment", """{"order_id":"#P","payment_method_id":"gift_card_1"}""").IsError.Should().BeFalse();
        Changed("users/kim/payment_methods/gift_card_1/balance").Should().Be((Json)5.5);
        Changed("orders/#P/payment_history").Items.Select(p => p["transaction_type"].Text).Should().Equal("payment", "payment", "refund");
        Call("modify_pending_order_payment", """{"order_id":"#P","payment_method_id":"paypal_1"}""")
            .IsError.Should()
            .BeTrue("it was moved once");
    }

    [Fact]
    public void On_the_benchmark_the_price_difference_of_changed_items_is_kept_as_it_was_computed()
    {
        var order = RetailPack
            .NewShop(isBenchmark: true)
            .Call(
                "modify_pending_order_items",
                """{"order_id":"#P","item_ids":["A"],"new_item_ids":["B"],"payment_method_id":"gift_card_1"}"""
            )
            .Value;
        order["payment_history"].Items[1]["amount"].Number.Should().Be(12.3 - 10.1).And.NotBe(2.2);
    }

    [Fact]
    public void The_price_difference_of_changed_items_and_the_balance_are_rounded_to_the_cent()
    {
        var order = Call(
            "modify_pending_order_items",
            """{"order_id":"#P","item_ids":["A"],"new_item_ids":["B"],"payment_method_id":"gift_card_1"}"""
        ).Value;
        order["payment_history"].Items[1]["amount"].Number.Should().Be(2.2);
        Changed("users/kim/payment_methods/gift_card_1/balance").Should().Be((Json)17.8);
        order["items"]
            .Items[0]
            .Should()
            .Be(Json.Parse("""{"name":"Tea Towel","product_id":"P1","item_id":"B","price":12.3,"options":{"color":"blue"}}"""));
        Call("cancel_pending_order", """{"order_id":"#P","reason":"no longer needed"}""")
            .IsError.Should()
            .BeTrue("changed items lock an order");
    }

    [Fact]
    public void The_price_difference_of_an_exchange_is_rounded_to_the_cent()
    {
        var order = Call(
            "exchange_delivered_order_items",
            """{"order_id":"#D","item_ids":["A"],"new_item_ids":["B"],"payment_method_id":"paypal_1"}"""
        ).Value;
        order["exchange_price_difference"].Number.Should().Be(2.2);
        order["status"].Text.Should().Be("exchange requested");
    }

    [Theory]
    [InlineData("cancel_pending_order", """{"order_id":"#D","reason":"no longer needed"}""", "4.1")]
    [InlineData("cancel_pending_order", """{"order_id":"#P","reason":"too dear"}""", "4.2")]
    [InlineData("modify_pending_order_payment", """{"order_id":"#D","payment_method_id":"credit_card_1"}""", "5.1")]
    [InlineData("modify_pending_order_payment", """{"order_id":"#P","payment_method_id":"paypal_1"}""", "5.2")]
    [InlineData(
        "modify_pending_order_items",
        """{"order_id":"#P","item_ids":["A"],"new_item_ids":["J"],"payment_method_id":"paypal_1"}""",
        "6.1"
    )]
    [InlineData(
        "modify_pending_order_items",
        """{"order_id":"#P","item_ids":["A"],"new_item_ids":["C"],"payment_method_id":"paypal_1"}""",
        "6.2"
    )]
    [InlineData(
        "modify_pending_order_items",
        """{"order_id":"#P","item_ids":["A"],"new_item_ids":["D"],"payment_method_id":"gift_card_1"}""",
        "6.5"
    )]
    [InlineData("return_delivered_order_items", """{"order_id":"#P","item_ids":["A"],"payment_method_id":"paypal_1"}""", "7.1")]
    [InlineData("return_delivered_order_items", """{"order_id":"#D","item_ids":["A"],"payment_method_id":"credit_card_1"}""", "7.2")]
    [InlineData(
        "exchange_delivered_order_items",
        """{"order_id":"#P","item_ids":["A"],"new_item_ids":["B"],"payment_method_id":"paypal_1"}""",
        "8.1"
    )]
    [InlineData(
        "exchange_delivered_order_items",
        """{"order_id":"#D","item_ids":["A"],"new_item_ids":["D"],"payment_method_id":"gift_card_1"}""",
        "6.5"
    )]
    public void A_broken_enforced_guard_is_an_error_that_changes_nothing(string tool, string arguments, string clause)
    {
        var spec = RetailPack.Own.Tools.Find(tool)!;
        RetailPack
            .Own.Guards.Broken(_shop.Db, spec, (JsonMap)Json.Parse(arguments))
            .Should()
            .ContainSingle()
            .Which.Clause.Should()
            .Be(clause);
        Call(tool, arguments).Text.Should().Be("Error: " + RetailPack.Own.Policy.Clause(clause)!.Text);
        _shop.Db.Writes.Should().BeEmpty();
    }

    [Theory]
    [InlineData(
        "modify_pending_order_items",
        """{"order_id":"#P","item_ids":["A"],"new_item_ids":["A"],"payment_method_id":"paypal_1"}""",
        "6.3"
    )]
    [InlineData(
        "modify_user_address",
        """{"user_id":"kim","address1":"","address2":"","city":"Reno","state":"NV","country":"USA","zip":"89501"}""",
        "9.1"
    )]
    [InlineData(
        "modify_pending_order_address",
        """{"order_id":"#P","address1":"1 A Street","address2":"","city":"Reno","state":"NV","country":"USA","zip":"8950"}""",
        "9.1"
    )]
    public void What_only_the_policy_forbids_is_done_by_the_tool_and_seen_by_the_guard(string tool, string arguments, string clause)
    {
        RetailPack
            .Own.Guards.Broken(_shop.Db, RetailPack.Own.Tools.Find(tool)!, (JsonMap)Json.Parse(arguments))
            .Should()
            .ContainSingle()
            .Which.Clause.Should()
            .Be(clause);
        Call(tool, arguments).IsError.Should().BeFalse();
    }

    [Theory]
    [InlineData("get_order_details", """{"order_id":"P"}""")]
    [InlineData("get_product_details", """{"product_id":"A"}""")]
    [InlineData("cancel_pending_order", """{"order_id":"#X","reason":"no longer needed"}""")]
    [InlineData("return_delivered_order_items", """{"order_id":"#D","item_ids":["A","A"],"payment_method_id":"paypal_1"}""")]
    [InlineData(
        "exchange_delivered_order_items",
        """{"order_id":"#D","item_ids":["A"],"new_item_ids":[],"payment_method_id":"paypal_1"}"""
    )]
    [InlineData(
        "exchange_delivered_order_items",
        """{"order_id":"#D","item_ids":["A"],"new_item_ids":["B"],"payment_method_id":"paypal_2"}"""
    )]
    public void What_is_not_there_is_an_error(string tool, string arguments)
    {
        var result = Call(tool, arguments);
        result.IsError.Should().BeTrue();
        result.Text.Should().StartWith("Error: ");
        _shop.Diff().IsEmpty.Should().BeTrue();
    }

    private CallResult Call(string tool, string arguments) => _shop.Call(tool, arguments);

    private Json Changed(string path) => _shop.Diff().Changes.Single(c => string.Join('/', c.Path) == path).After!;
}
