using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Retail;

/// <summary>Makes the shop: 50 products with their items, 500 customers, 1,000 orders.</summary>
public static class Data
{
    private const int Users = 500;
    private const int Orders = 1000;
    private const int ProductsOfWorlds = 50;

    public static void Make(DataMaker make)
    {
        var ids = new Ids(make.Random);
        var lines = Products(make, ids);
        var users = new List<User>();
        while (users.Count < Users)
            users.Add(NewUser(make, ids));
        for (var i = 0; i < Orders; i++)
            AddOrder(make, ids, lines, make.Random.Pick(users));
        foreach (var user in users)
        {
            make.Add(
                "users",
                user.Id,
                Json.Map(
                    ("name", Json.Map(("first_name", user.First), ("last_name", user.Last))),
                    ("address", user.Address),
                    ("email", user.Email),
                    ("payment_methods", JsonMap.Create(user.Methods.Select(m => KeyValuePair.Create(m["id"].Text!, m)))),
                    ("orders", Json.List(user.Orders.Select(o => (Json)o)))
                )
            );
        }
    }

    // Each line of products.txt: name; usual price; option: value|value; …
    private static IEnumerable<(string Name, double Price, string[] Options)> Own(DataMaker make) =>
        make.Lines("products.txt")
            .Select(text => text.Split(';', StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture), parts[2..]));

    // Each line of kinds.txt has, after the kind, the words that may stand before it. A world has one product of most kinds.
    private static IEnumerable<(string Name, double Price, string[] Options)> OfAWorld(DataMaker make) =>
        make
            .Random.Shuffled(make.Lines("kinds.txt"))
            .Take(ProductsOfWorlds)
            .Select(text => text.Split(';', StringSplitOptions.TrimEntries))
            .Select(parts =>
                (
                    $"{make.Random.Pick(parts[1].Split('|'))} {parts[0]}",
                    double.Parse(parts[2], CultureInfo.InvariantCulture) * make.Parameters.Number("price_level") / 100,
                    parts[3..]
                )
            );

    private static List<List<Json>> Products(DataMaker make, Ids ids)
    {
        var all = new List<List<Json>>();
        foreach (var (name, price, values) in make.IsWorld ? OfAWorld(make) : Own(make))
        {
            var productId = ids.New("", 10);
            var options = make.Random.Shuffled(Combinations(values)).Take(make.Random.Between(5, 18)).ToList();
            var variants = options
                .Select(o =>
                    Json.Map(
                        ("item_id", ids.New("", 10)),
                        ("options", o),
                        ("available", make.Random.Chance(0.8)),
                        ("price", Around(make, price))
                    )
                )
                .ToList();
            make.Add(
                "products",
                productId,
                Json.Map(
                    ("name", name),
                    ("product_id", productId),
                    ("variants", JsonMap.Create(variants.Select(v => KeyValuePair.Create(v["item_id"].Text!, (Json)v))))
                )
            );
            all.Add([
                .. variants.Select(v =>
                    (Json)
                        Json.Map(
                            ("name", name),
                            ("product_id", productId),
                            ("item_id", v["item_id"]),
                            ("price", v["price"]),
                            ("options", v["options"])
                        )
                ),
            ]);
        }

        return all;
    }

    private static List<Json> Combinations(string[] options)
    {
        var made = new List<JsonMap> { JsonMap.Empty };
        foreach (var option in options)
        {
            var colon = option.IndexOf(':');
            var values = option[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries);
            made = [.. made.SelectMany(m => values.Select(v => m.With(option[..colon], v)))];
        }

        return [.. made];
    }

    private static double Around(DataMaker make, double price) => Cents.Round(price * (0.88 + (0.24 * make.Random.NextDouble())));

    private sealed record User(string Id, string First, string Last, string Email, Json Address, List<Json> Methods, List<string> Orders);

    private static User NewUser(DataMaker make, Ids ids)
    {
        var first = make.IsWorld ? make.FirstName() : make.Random.Pick(make.Lines("first_names.txt"));
        var last = make.IsWorld ? make.Surname() : make.Random.Pick(make.Lines("last_names.txt"));
        var name = $"{first}_{last}".ToLowerInvariant();
        var count = make.Random.Next(100) switch
        {
            < 45 => 1,
            < 80 => 2,
            < 95 => 3,
            _ => 4,
        };
        var email = $"{first}.{last}{make.Random.Between(10, 9999)}@post.example".ToLowerInvariant();
        return new(
            ids.New(name + "_", 4),
            first,
            last,
            email,
            Address(make),
            [.. Enumerable.Range(0, count).Select(_ => Method(make, ids))],
            []
        );
    }

    private static Json Address(DataMaker make)
    {
        var city = make.Random.Pick(make.Lines("cities.txt")).Split(';');
        var second = make.Random.Next(3) switch
        {
            0 => $"Apt {make.Random.Between(1, 60)}",
            1 => $"Unit {make.Random.Between(1, 40)}",
            _ => $"Floor {make.Random.Between(1, 9)}",
        };
        return Json.Map(
            ("address1", $"{make.Random.Between(1, 990)} {(make.IsWorld ? make.Street() : make.Random.Pick(make.Lines("streets.txt")))}"),
            ("address2", second),
            ("city", make.IsWorld ? make.City() : city[0]),
            ("country", "USA"),
            ("state", city[1]),
            ("zip", $"{city[2]}{make.Random.Between(1, 99):00}")
        );
    }

    // Balances lie below, around and above typical order totals, so that a gift card sometimes covers an order and sometimes does not.
    private static Json Method(DataMaker make, Ids ids)
    {
        switch (make.Random.Next(3))
        {
            case 0:
                var brand = make.Random.Pick(["visa", "mastercard", "amex"]);
                return Json.Map(
                    ("source", "credit_card"),
                    ("brand", brand),
                    ("last_four", make.Random.Between(0, 9999).ToString("0000")),
                    ("id", ids.New("credit_card_", 7))
                );
            case 1:
                return Json.Map(("source", "paypal"), ("id", ids.New("paypal_", 7)));
            default:
                var balance = make.Random.Next(10) switch
                {
                    0 => 0,
                    < 6 => make.Random.Between(1, 6000),
                    _ => make.Random.Between(6000, 60000),
                };
                return Json.Map(("source", "gift_card"), ("balance", Cents.Round(balance / 100.0)), ("id", ids.New("gift_card_", 7)));
        }
    }

    private static void AddOrder(DataMaker make, Ids ids, List<List<Json>> products, User user)
    {
        var random = make.Random;
        var orderId = ids.New("#K", 7);
        var items = random
            .Shuffled(Enumerable.Range(0, products.Count))
            .Take(random.Between(1, 5))
            .Select(p => random.Pick(products[p]))
            .ToList();
        if (random.Chance(0.02))
            items.Add(items[0]); // Some people buy two of the same item.
        var amount = Cents.Round(items.Sum(i => i["price"].Number!.Value));
        var status = random.Next(100) switch
        {
            < 42 => "pending",
            < 80 => "delivered",
            < 90 => "processed",
            _ => "cancelled",
        };
        var (method, other) = (random.Pick(user.Methods)["id"], random.Pick(user.Methods)["id"]);
        Json Paid(string type, Json by) => Json.Map(("transaction_type", type), ("amount", amount), ("payment_method_id", by));
        Json[] history = status switch
        {
            "cancelled" => [Paid("payment", method), Paid("refund", method)],
            // For some pending orders, the payment was moved to another method before.
            "pending" when method != other && random.Chance(0.1) => Moved(Paid, method, other, make.Parameters.Int("max_moves")),
            _ => [Paid("payment", method)],
        };
        Json[] fulfillments =
            status == "pending"
                ? []
                : [Json.Map(("tracking_id", Json.List([(Json)ids.New("", 12)])), ("item_ids", Json.List(items.Select(i => i["item_id"]))))];
        user.Orders.Add(orderId);
        make.Add(
            "orders",
            orderId,
            Json.Map(
                ("order_id", orderId),
                ("user_id", user.Id),
                ("address", random.Chance(0.8) ? user.Address : Address(make)),
                ("items", Json.List(items)),
                ("fulfillments", Json.List(fulfillments)),
                ("status", status),
                ("payment_history", Json.List(history))
            )
        );
    }

    // Moved to and fro, as often as it may be.
    private static Json[] Moved(Func<string, Json, Json> paid, Json from, Json to, int times)
    {
        var history = new List<Json> { paid("payment", from) };
        for (var i = 0; i < times; i++)
        {
            var (before, after) = i % 2 == 0 ? (from, to) : (to, from);
            history.Add(paid("payment", after));
            history.Add(paid("refund", before));
        }

        return [.. history];
    }

    /// <summary>Generates unique ids: a prefix and digits, the first of which is not 0.</summary>
    private sealed class Ids(SeededRandom random)
    {
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

        public string New(string prefix, int digits)
        {
            while (true)
            {
                var id = prefix + random.Between(1, 9).ToString();
                for (var i = 1; i < digits; i++)
                    id += random.Next(10).ToString();
                if (_taken.Add(id))
                    return id;
            }
        }
    }
}
