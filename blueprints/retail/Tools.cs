using System;
using System.Collections.Generic;
using System.Linq;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Retail;

/// <summary>
/// The service desk of an online shop. Names, parameters and effects are those of tau-bench's retail domain, so that a model trained
/// here meets familiar tools; amounts are computed in double, in the same order of operations. For the benchmark's own records and
/// tasks (<see cref="Db.IsBenchmark"/>) a changed order is charged to the last bit of that sum. Otherwise it is charged to the cent,
/// and a difference of zero creates no payment.
/// </summary>
public sealed class Retail(Db db)
{
    private const string GiftCard = "gift_card";

    // ---- reads ----

    [Read(
        "Find the id of a customer by email address. Upper and lower case are the same. An error if nobody has this address.",
        Reveals = "user.user_id"
    )]
    public string FindUserIdByEmail([Is("user.email"), About("The customer's email address, e.g. 'kim@mail.example'.")] string email) =>
        db["users"].Having("email", email, ignoreCase: true).FirstOrDefault()?.Key
        ?? throw new ToolError("no customer has this email address");

    [Read(
        "Find the id of a customer by first name, last name and zip code, for those whom the email address does not lead "
            + "to. An error if nobody fits.",
        Reveals = "user.user_id"
    )]
    public string FindUserIdByNameZip(
        [Is("user.name.first_name"), About("First name, e.g. 'Kim'.")] string firstName,
        [Is("user.name.last_name"), About("Last name, e.g. 'Berg'.")] string lastName,
        [Is("user.address.zip"), About("Zip code of the default address, e.g. '55801'.")] string zip
    )
    {
        foreach (var user in db["users"].Having("address.zip", zip))
        {
            var name = user["name"];
            if (Same(name["first_name"], firstName) && Same(name["last_name"], lastName))
                return user.Key;
        }

        throw new ToolError("no customer has this name and zip code");
    }

    [Read(
        "Show a customer's profile: name, email, default address, payment methods with gift card balances, and order numbers.",
        Reveals = "user payment_method order.order_id"
    )]
    public Row GetUserDetails(
        [Is("user.user_id"), About("The customer's id as a search returned it, e.g. 'kim_berg_4410'.")] string userId
    ) => db["users"].Find(userId) ?? throw new ToolError("there is no such customer");

    [Read("Show an order: status, items with options and prices, shipping address, payments, parcels.", Reveals = "order line")]
    public Row GetOrderDetails([Is("order.order_id"), About("The order number with its '#', e.g. '#K4410027'.")] string orderId) =>
        Order(db, orderId);

    [Read("Show a product with all its items: options, price, and whether each is available.", Reveals = "product variant")]
    public Row GetProductDetails(
        [Is("product.product_id"), About("The product id, e.g. '7300412985'; not an item id.")] string productId
    ) => Product(db, productId);

    [Read("List all products of the shop by name, each with its product id.", Reveals = "product.name product.product_id")]
    public Json ListAllProductTypes()
    {
        var byName = new SortedDictionary<string, Json>(StringComparer.Ordinal);
        foreach (var product in db["products"].Rows)
            byName[product.Text("name")] = product["product_id"];
        return JsonMap.Create(byName);
    }

    [Read("Work out an arithmetic expression and round the result to two decimals.", Calculates = true)]
    public string Calculate([About("Numbers, + - * /, parentheses and blanks, e.g. '(19.5 + 4.25) * 2'.")] string expression) =>
        Calculator.Evaluate(expression);

    [Read("Write down a thought. Nothing is looked up and nothing changes.")]
    public string Think([About("The thought.")] string thought) => "";

    [Transfer(
        "Hand the conversation over to a person, for requests that no other tool serves or when the customer insists on a "
            + "person. Ends the conversation."
    )]
    public string TransferToHumanAgents(
        [About("What the customer wants and what was done so far, in one or two sentences.")] string summary
    ) => "Transfer successful";

    // ---- writes ----

    [Write(
        "Cancel a pending order and refund what was paid. Returns the order.",
        Changes = "order.status order.cancel_reason order.payment_history payment_method.balance"
    )]
    [Guard(nameof(PendingToCancel), Enforced = true), Guard(nameof(ReasonAccepted), Enforced = true)]
    public Row CancelPendingOrder(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [
            Is("order.cancel_reason"),
            OneOf("no longer needed", "ordered by mistake"),
            About("Why, in one of the two ways that the shop accepts.")
        ]
            string reason
    )
    {
        var order = Order(db, orderId);
        var user = Owner(db, order);
        var credited = user;
        var payments = order.List("payment_history");
        var history = new List<Json>(payments);
        foreach (var payment in payments)
        {
            var methodId = payment["payment_method_id"].Text!;
            history.Add(Transaction("refund", payment["amount"], methodId));
            if (IsGiftCardId(methodId))
                credited = Credit(credited, methodId, payment["amount"].Number!.Value);
        }

        Save(user, credited);
        return db["orders"]
            .Change(orderId, o => o.Set("status", "cancelled").Set("cancel_reason", reason).Set("payment_history", Json.List(history)));
    }

    [Write(
        "Send a pending order to another address. Returns the order.",
        Changes = "order.address.address1 order.address.address2 order.address.city order.address.state "
            + "order.address.country order.address.zip"
    )]
    [Guard(nameof(PendingToChange), Enforced = true), Guard(nameof(AddressComplete))]
    public Row ModifyPendingOrderAddress(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [Is("order.address.address1"), About("House number and street.")] string address1,
        [Is("order.address.address2"), About("Flat, floor or suite; '' if there is none.")] string address2,
        [Is("order.address.city"), About("City.")] string city,
        [Is("order.address.state"), About("State by its two letters, e.g. 'MN'.")] string state,
        [Is("order.address.country"), About("Country, e.g. 'USA'.")] string country,
        [Is("order.address.zip"), About("Zip code.")] string zip
    )
    {
        Order(db, orderId);
        return db["orders"].Change(orderId, o => o.Set("address", Address(address1, address2, city, state, country, zip)));
    }

    [Write(
        "Pay a pending order with another payment method; the former one is refunded. Returns the order.",
        Changes = "order.payment_history payment_method.balance"
    )]
    [Guard(nameof(PendingToChange), Enforced = true), Guard(nameof(PaymentMovable), Enforced = true)]
    [Guard(nameof(OtherPaymentMethod), Enforced = true), Guard(nameof(GiftCardCoversOrder), Enforced = true)]
    public Row ModifyPendingOrderPayment(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [Is("payment_method.id"), About("The id of the new payment method, from the customer's profile.")] string paymentMethodId
    )
    {
        var order = Order(db, orderId);
        var user = Owner(db, order);
        var method = Method(user, paymentMethodId);
        var paid = Present(order);
        var former = paid["payment_method_id"].Text!;
        var amount = paid["amount"];
        var charged = user;
        if (method["source"].Text == GiftCard)
            charged = Credit(charged, paymentMethodId, -amount.Number!.Value);
        if (IsGiftCardId(former))
            charged = Credit(charged, former, amount.Number!.Value);
        Save(user, charged);
        return db["orders"]
            .Change(
                orderId,
                o =>
                    o.Set(
                        "payment_history",
                        Json.List([
                            .. o.List("payment_history"),
                            Transaction("payment", amount, paymentMethodId),
                            Transaction("refund", amount, former),
                        ])
                    )
            );
    }

    [Write(
        "Replace items of a pending order by other items of the same products. Possible once an order. Returns the order.",
        Changes = "order.status order.items line.item_id line.price line.options order.payment_history payment_method.balance"
    )]
    [
        Guard(nameof(PendingToChange), Enforced = true),
        Guard(nameof(SameProduct), Enforced = true),
        Guard(nameof(ReplacementAvailable), Enforced = true)
    ]
    [Guard(nameof(GiftCardCoversDifference), Enforced = true), Guard(nameof(ReplacementDiffers))]
    public Row ModifyPendingOrderItems(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [Is("line.item_id"), About("Item ids to replace; an id stands as often as the item is meant.")] string[] itemIds,
        [Is("variant.item_id"), About("Item ids of the replacements, each at the place of the item that it replaces.")] string[] newItemIds,
        [Is("payment_method.id"), About("The payment method that bears or receives the price difference.")] string paymentMethodId
    )
    {
        var order = Order(db, orderId);
        var difference = Difference(db, order, itemIds, newItemIds);
        if (!db.IsBenchmark)
            difference = Cents.Round(difference);
        var user = Owner(db, order);
        var method = Method(user, paymentMethodId);
        if (method["source"].Text == GiftCard)
            Save(user, Credit(user, paymentMethodId, -difference));
        var items = order.List("items").ToArray();
        for (var i = 0; i < itemIds.Length; i++)
        {
            // The first line with this id at present: an earlier replacement may have put it there.
            var at = Array.FindIndex(items, l => l["item_id"].Text == itemIds[i]);
            var variant = Variants(db, items[at])[newItemIds[i]];
            items[at] = ((JsonMap)items[at])
                .With("item_id", newItemIds[i])
                .With("price", variant["price"])
                .With("options", variant["options"]);
        }

        Json[] transactions =
            difference.Equals(0d) && !db.IsBenchmark
                ? []
                : [Transaction(difference > 0 ? "payment" : "refund", Math.Abs(difference), paymentMethodId)];
        return db["orders"]
            .Change(
                orderId,
                o =>
                    o.Set("items", Json.List(items))
                        .Set("status", "pending (item modified)")
                        .Set("payment_history", Json.List([.. o.List("payment_history"), .. transactions]))
            );
    }

    [Write(
        "Request the return of items of a delivered order. Returns the order.",
        Changes = "order.status order.return_items order.return_payment_method_id"
    )]
    [Guard(nameof(DeliveredToReturn), Enforced = true), Guard(nameof(RefundGoesBack), Enforced = true)]
    public Row ReturnDeliveredOrderItems(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [Is("line.item_id"), About("Item ids to return; an id stands as often as the item is meant.")] string[] itemIds,
        [Is("payment_method.id"), About("The payment method that receives the refund.")] string paymentMethodId
    )
    {
        var order = Order(db, orderId);
        Method(Owner(db, order), paymentMethodId);
        MustHold(order, itemIds);
        return db["orders"]
            .Change(
                orderId,
                o =>
                    o.Set("status", "return requested")
                        .Set("return_items", Sorted(itemIds))
                        .Set("return_payment_method_id", paymentMethodId)
            );
    }

    [Write(
        "Request the exchange of items of a delivered order for other items of the same products. Returns the order.",
        Changes = "order.status order.exchange_items order.exchange_new_items order.exchange_payment_method_id "
            + "order.exchange_price_difference"
    )]
    [
        Guard(nameof(DeliveredToExchange), Enforced = true),
        Guard(nameof(SameProduct), Enforced = true),
        Guard(nameof(ReplacementAvailable), Enforced = true)
    ]
    [Guard(nameof(GiftCardCoversRoundedDifference), Enforced = true), Guard(nameof(ReplacementDiffers))]
    public Row ExchangeDeliveredOrderItems(
        [Is("order.order_id"), About("The order number with its '#'.")] string orderId,
        [Is("line.item_id"), About("Item ids to give back; an id stands as often as the item is meant.")] string[] itemIds,
        [Is("variant.item_id"), About("Item ids of the replacements, each at the place of the item that it replaces.")] string[] newItemIds,
        [Is("payment_method.id"), About("The payment method that bears or receives the price difference.")] string paymentMethodId
    )
    {
        var order = Order(db, orderId);
        var difference = Cents.Round(Difference(db, order, itemIds, newItemIds));
        Method(Owner(db, order), paymentMethodId);
        return db["orders"]
            .Change(
                orderId,
                o =>
                    o.Set("status", "exchange requested")
                        .Set("exchange_items", Sorted(itemIds))
                        .Set("exchange_new_items", Sorted(newItemIds))
                        .Set("exchange_payment_method_id", paymentMethodId)
                        .Set("exchange_price_difference", difference)
            );
    }

    [Write(
        "Set the default address in a customer's profile. Returns the profile.",
        Changes = "user.address.address1 user.address.address2 user.address.city user.address.state user.address.country user.address.zip"
    )]
    [Guard(nameof(AddressComplete))]
    public Row ModifyUserAddress(
        [Is("user.user_id"), About("The customer's id.")] string userId,
        [Is("user.address.address1"), About("House number and street.")] string address1,
        [Is("user.address.address2"), About("Flat, floor or suite; '' if there is none.")] string address2,
        [Is("user.address.city"), About("City.")] string city,
        [Is("user.address.state"), About("State by its two letters, e.g. 'MN'.")] string state,
        [Is("user.address.country"), About("Country, e.g. 'USA'.")] string country,
        [Is("user.address.zip"), About("Zip code.")] string zip
    ) =>
        db["users"].Find(userId) is null
            ? throw new ToolError("there is no such customer")
            : db["users"].Change(userId, u => u.Set("address", Address(address1, address2, city, state, country, zip)));

    // ---- guards ----

    [Clause("4.1")]
    public static bool PendingToCancel(Row order) => HasStatus(order, "pending");

    [Clause("4.2")]
    public static bool ReasonAccepted(string reason) => reason is "no longer needed" or "ordered by mistake";

    [Clause("5.1")]
    public static bool PendingToChange(Row order) => HasStatus(order, "pending");

    [Clause("5.2")]
    public static bool OtherPaymentMethod(Db db, Row order, string paymentMethodId)
    {
        Method(Owner(db, order), paymentMethodId);
        return Present(order)["payment_method_id"].Text != paymentMethodId;
    }

    [Clause("5.3")]
    public static bool PaymentMovable(Db db, Row order, string paymentMethodId)
    {
        Method(Owner(db, order), paymentMethodId); // The tool reports an unknown payment method before anything else.
        // Each move adds a payment and the refund of the former one.
        var history = order.List("payment_history");
        return history[0]["transaction_type"].Text == "payment" && history.Count <= (2 * db.Parameters.Int("max_moves")) - 1;
    }

    [Clause("5.4")]
    public static bool GiftCardCoversOrder(Db db, Row order, string paymentMethodId) =>
        Covers(db, Method(Owner(db, order), paymentMethodId), Present(order)["amount"].Number!.Value);

    [Clause("6.1")]
    public static bool SameProduct(Db db, Row order, string[] itemIds, string[] newItemIds)
    {
        MustPair(order, itemIds, newItemIds);
        for (var i = 0; i < itemIds.Length; i++)
        {
            if (Variants(db, Line(order, itemIds[i]))[newItemIds[i]].IsNull)
                return false;
        }

        return true;
    }

    [Clause("6.2")]
    public static bool ReplacementAvailable(Db db, Row order, string[] itemIds, string[] newItemIds)
    {
        MustPair(order, itemIds, newItemIds);
        for (var i = 0; i < itemIds.Length; i++)
        {
            if (Variants(db, Line(order, itemIds[i]))[newItemIds[i]]["available"].Flag == false)
                return false;
        }

        return true;
    }

    [Clause("6.3")]
    public static bool ReplacementDiffers(Row order, string[] itemIds, string[] newItemIds)
    {
        MustPair(order, itemIds, newItemIds);
        for (var i = 0; i < itemIds.Length; i++)
        {
            if (itemIds[i] == newItemIds[i])
                return false;
        }

        return true;
    }

    // A pending order is charged with the exact sum, an exchange with the sum rounded to the cent.
    [Clause("6.5")]
    public static bool GiftCardCoversDifference(Db db, Row order, string[] itemIds, string[] newItemIds, string paymentMethodId) =>
        Covers(db, Method(Owner(db, order), paymentMethodId), Difference(db, order, itemIds, newItemIds));

    [Clause("6.5")]
    public static bool GiftCardCoversRoundedDifference(Db db, Row order, string[] itemIds, string[] newItemIds, string paymentMethodId) =>
        Covers(db, Method(Owner(db, order), paymentMethodId), Cents.Round(Difference(db, order, itemIds, newItemIds)));

    [Clause("7.1")]
    public static bool DeliveredToReturn(Row order) => HasStatus(order, "delivered");

    [Clause("7.2")]
    public static bool RefundGoesBack(Db db, Row order, string paymentMethodId)
    {
        Method(Owner(db, order), paymentMethodId);
        return IsGiftCardId(paymentMethodId) || order.List("payment_history")[0]["payment_method_id"].Text == paymentMethodId;
    }

    [Clause("8.1")]
    public static bool DeliveredToExchange(Row order) => HasStatus(order, "delivered");

    [Clause("9.1")]
    public static bool AddressComplete(string address1, string city, string state, string country, string zip) =>
        Array.TrueForAll([address1, city, state, country], part => part.Trim().Length > 0) && zip.Length == 5 && zip.All(char.IsAsciiDigit);

    // ---- what tools and guards share ----

    private static Row Order(Db db, string orderId) => db["orders"].Find(orderId) ?? throw new ToolError("there is no such order");

    private static Row Product(Db db, string productId) =>
        db["products"].Find(productId) ?? throw new ToolError("there is no such product");

    private static Row Owner(Db db, Row order) => db["users"][order["user_id"]];

    private static Json Variants(Db db, Json line) => Product(db, line["product_id"].Text!)["variants"];

    private static Json Method(Row user, string paymentMethodId) =>
        user["payment_methods"][paymentMethodId] is { IsNull: false } method
            ? method
            : throw new ToolError("the customer has no such payment method");

    private static Json? FindLine(Row order, string itemId)
    {
        foreach (var line in order.List("items"))
        {
            if (line["item_id"].Text == itemId)
                return line;
        }

        return null;
    }

    private static Json Line(Row order, string itemId) => FindLine(order, itemId) ?? throw new ToolError($"the order has no item {itemId}");

    // An id may occur in the list as often as the order contains the item.
    private static void MustHold(Row order, string[] itemIds)
    {
        foreach (var itemId in itemIds)
        {
            var held = 0;
            foreach (var line in order.List("items"))
                held += line["item_id"].Text == itemId ? 1 : 0;
            var wanted = 0;
            foreach (var each in itemIds)
                wanted += each == itemId ? 1 : 0;
            if (wanted > held)
                throw new ToolError($"the order does not have item {itemId} {wanted} times");
        }
    }

    private static void MustPair(Row order, string[] itemIds, string[] newItemIds)
    {
        MustHold(order, itemIds);
        if (itemIds.Length != newItemIds.Length)
            throw new ToolError("each item needs exactly one replacement");
    }

    private static double Difference(Db db, Row order, string[] itemIds, string[] newItemIds)
    {
        MustPair(order, itemIds, newItemIds);
        var difference = 0.0;
        for (var i = 0; i < itemIds.Length; i++)
        {
            var line = Line(order, itemIds[i]);
            var variant = Variants(db, line)[newItemIds[i]];
            if (variant["available"].Flag != true)
                throw new ToolError($"the item {newItemIds[i]} is no available item of this product");
            difference += variant["price"].Number!.Value - line["price"].Number!.Value;
        }

        return difference;
    }

    private static bool HasStatus(Row order, string status) => order["status"].Text == status;

    private static bool IsGiftCardId(string methodId) => methodId.Contains(GiftCard, StringComparison.Ordinal);

    // What a gift card gets back needs no reserve.
    private static bool Covers(Db db, Json method, double amount) =>
        method["source"].Text != GiftCard
        || !(method["balance"].Number!.Value < amount + (amount > 0 ? db.Parameters.Number("reserve") : 0));

    // The payment of an order that has not been refunded: the last one.
    private static Json Present(Row order) => order.List("payment_history").Last(p => p["transaction_type"].Text == "payment");

    private static bool Same(Json held, string given) => string.Equals(held.Text, given, StringComparison.OrdinalIgnoreCase);

    private static Row Credit(Row user, string methodId, double amount) =>
        user.SetIn(Cents.Round(Method(user, methodId)["balance"].Number!.Value + amount), "payment_methods", methodId, "balance");

    private void Save(Row before, Row after)
    {
        if (!ReferenceEquals(before, after))
            db["users"].Change(before.Key, _ => after);
    }

    private static Json Transaction(string type, Json amount, string methodId) =>
        Json.Map(("transaction_type", type), ("amount", amount), ("payment_method_id", methodId));

    private static Json Address(string address1, string address2, string city, string state, string country, string zip) =>
        Json.Map(("address1", address1), ("address2", address2), ("city", city), ("state", state), ("country", country), ("zip", zip));

    private static Json Sorted(string[] ids) => Json.List(ids.Order(StringComparer.Ordinal).Select(id => (Json)id));
}
