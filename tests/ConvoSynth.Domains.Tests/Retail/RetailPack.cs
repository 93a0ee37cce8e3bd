using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Retail;

/// <summary>The retail pack on its own data and with one small shop, loaded once for all tests.</summary>
internal static class RetailPack
{
    public static readonly string Folder = RepositoryRoot.At("blueprints", "retail");

    private static readonly Lazy<Pack> LazyOwn = new(() => PackLoading.Load(Folder));

    public static Pack Own => LazyOwn.Value;

    /// <summary>Rows with readable keys, overlaid on the generated rows.</summary>
    public static ImmutableArray<Change> Shop { get; } =
    [
        Row(
            "products",
            "P1",
            """
            {"name":"Tea Towel","product_id":"P1","variants":{
              "A":{"item_id":"A","options":{"color":"red"},"available":true,"price":10.1},
              "B":{"item_id":"B","options":{"color":"blue"},"available":true,"price":12.3},
              "C":{"item_id":"C","options":{"color":"green"},"available":false,"price":9.9},
              "D":{"item_id":"D","options":{"color":"gold"},"available":true,"price":95.0}}}
            """
        ),
        Row(
            "products",
            "P2",
            """{"name":"Egg Cup","product_id":"P2","variants":{"J":{"item_id":"J","options":{"color":"white"}"""
                + ""","available":true,"price":4.4}}}"""
        ),
        Row(
            "users",
            "kim",
            """
            {"name":{"first_name":"Kim","last_name":"Berg"},
             "address":{"address1":"1 First Street","address2":"","city":"Duluth","country":"USA","state":"MN","zip":"55801"},
             "email":"kim@post.example",
             "payment_methods":{"gift_card_1":{"source":"gift_card","balance":20,"id":"gift_card_1"},
               "paypal_1":{"source":"paypal","id":"paypal_1"},
               "credit_card_1":{"source":"credit_card","brand":"visa","last_four":"0001","id":"credit_card_1"}},
             "orders":["#P","#G","#D"]}
            """
        ),
        Order("#P", "pending", """[{"transaction_type":"payment","amount":14.5,"payment_method_id":"paypal_1"}]"""),
        Order("#G", "pending", """[{"transaction_type":"payment","amount":14.5,"payment_method_id":"gift_card_1"}]"""),
        Order("#D", "delivered", """[{"transaction_type":"payment","amount":14.5,"payment_method_id":"paypal_1"}]"""),
    ];

    public static DialogueEnvironment NewShop(bool isBenchmark = false) => new(isBenchmark ? Own.AsBenchmark() : Own, Shop);

    public static Json Arguments(string json) => Json.Parse(json);

    private static Change Order(string id, string status, string payments) =>
        Row(
            "orders",
            id,
            $$$"""
            {"order_id":"{{{id}}}","user_id":"kim",
             "address":{"address1":"1 First Street","address2":"","city":"Duluth","country":"USA","state":"MN","zip":"55801"},
             "items":[{"name":"Tea Towel","product_id":"P1","item_id":"A","price":10.1,"options":{"color":"red"}},
                      {"name":"Egg Cup","product_id":"P2","item_id":"J","price":4.4,"options":{"color":"white"}}],
             "fulfillments":[],"status":"{{{status}}}","payment_history":{{{payments}}}}
            """
        );

    private static Change Row(string table, string key, string json) => new() { Path = [table, key], After = Json.Parse(json) };
}
