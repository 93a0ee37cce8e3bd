using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Retail;

/// <summary>The generated shop must be as coherent as a real one.</summary>
public sealed class RetailDataTests
{
    private static Database Base => RetailPack.Own.Base;

    [Fact]
    public void There_are_fifty_products_five_hundred_customers_and_a_thousand_orders()
    {
        Base["products"].Rows.Should().HaveCount(50);
        Base["users"].Rows.Should().HaveCount(500);
        Base["orders"].Rows.Should().HaveCount(1000);
    }

    [Fact]
    public void The_same_pack_makes_the_same_data_again() => PackLoading.Load(RetailPack.Folder).Hash.Should().Be(RetailPack.Own.Hash);

    [Fact]
    public void Every_order_is_in_its_owners_profile_and_the_reverse()
    {
        var listed = Base["users"].Rows.SelectMany(u => u.List("orders").Select(o => $"{o.Text} of {u.Key}")).Order(StringComparer.Ordinal);
        listed.Should().Equal(Base["orders"].Rows.Select(o => $"{o.Key} of {o.Text("user_id")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_paid_is_the_sum_of_the_items_and_by_a_method_of_the_owner()
    {
        foreach (var order in Base["orders"].Rows)
        {
            var payment = order.List("payment_history")[0];
            payment["amount"].Number.Should().Be(Cents.Round(order.List("items").Sum(i => i["price"].Number!.Value)), order.Key);
            Base["users"]
                .Find(order.Text("user_id"))!["payment_methods"][payment["payment_method_id"].Text!]
                .IsNull.Should()
                .BeFalse(order.Key);
        }
    }

    [Fact]
    public void Every_item_is_a_variant_of_its_product_at_its_price()
    {
        foreach (var item in Base["orders"].Rows.SelectMany(o => o.List("items")))
        {
            var variant = Base["products"].Find(item["product_id"].Text!)!["variants"][item["item_id"].Text!];
            variant["price"].Should().Be(item["price"]);
            variant["options"].Should().Be(item["options"]);
        }
    }

    [Fact]
    public void Parcels_exist_once_an_order_has_left_pending()
    {
        foreach (var order in Base["orders"].Rows)
            order.List("fulfillments").Count.Should().Be(order.Text("status") == "pending" ? 0 : 1, order.Key);
    }

    [Fact]
    public void About_four_in_five_items_are_available()
    {
        var variants = Base["products"].Rows.SelectMany(p => ((JsonMap)p["variants"]).Values).ToArray();
        (variants.Count(v => v["available"].Flag == true) / (double)variants.Length).Should().BeInRange(0.74, 0.86);
    }

    [Theory]
    [InlineData("pending", 350, 490)]
    [InlineData("delivered", 310, 450)]
    [InlineData("processed", 60, 140)]
    [InlineData("cancelled", 60, 140)]
    public void Statuses_are_spread(string status, int from, int to) =>
        Base["orders"].Rows.Count(o => o.Text("status") == status).Should().BeInRange(from, to);

    [Fact]
    public void Gift_cards_cover_some_orders_of_their_owners_and_not_others()
    {
        var covers = Base["orders"]
            .Rows.SelectMany(o =>
                ((JsonMap)Base["users"].Find(o.Text("user_id"))!["payment_methods"])
                    .Values.Where(m => m["source"].Text == "gift_card")
                    .Select(m => m["balance"].Number >= o.List("payment_history")[0]["amount"].Number)
            )
            .ToArray();
        covers.Count(c => c).Should().BeGreaterThan(30);
        covers.Count(c => !c).Should().BeGreaterThan(30);
    }
}
