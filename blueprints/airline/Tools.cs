using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Airline;

/// <summary>
/// The service desk of an airline. Names, parameters and effects are those of tau-bench's airline domain, so that a model trained here
/// meets familiar tools. The benchmark's quirks apply only to its own records and tasks (<see cref="Db.IsBenchmark"/>). After a change
/// the reservation keeps its former cabin name; seats are not counted; the second flight of a pair has the fares of the day before.
/// </summary>
public sealed class Airline(Db db)
{
    private const string GiftCard = "gift_card";
    private const string Certificate = "certificate";
    private const string CreditCard = "credit_card";
    private const string Seats =
        "departure.available_seats.basic_economy departure.available_seats.economy departure.available_seats.business";

    // The benchmark uses these names for new rows; one conversation creates at most three of a kind.
    private static readonly string[] NewReservations = ["HATHAT", "HATHAU", "HATHAV"];
    private static readonly string[] NewCertificates = ["certificate_3221322", "certificate_3221323", "certificate_3221324"];

    public sealed record FlightChoice(
        [Is("segment.flight_number"), About("Flight number, e.g. 'HAT512'.")] string FlightNumber,
        [Is("segment.date"), About("Day of departure, e.g. '2024-05-22'.")] string Date
    );

    public sealed record Passenger(
        [Is("traveller.first_name"), About("First name, e.g. 'Kim'.")] string FirstName,
        [Is("traveller.last_name"), About("Last name, e.g. 'Berg'.")] string LastName,
        [Is("traveller.dob"), About("Date of birth, e.g. '1984-02-29'.")] string Dob
    );

    public sealed record Payment(
        [Is("payment_method.id"), About("The id of a payment method in the customer's profile, e.g. 'gift_card_4410027'.")]
            string PaymentId,
        [Is("payment_method.amount"), About("How many dollars it pays.")] double Amount
    );

    // ---- reads ----

    [Read(
        "Show a customer's profile: name, address, date of birth, membership, payment methods with balances, "
            + "saved passengers, and reservation ids.",
        Reveals = "user payment_method companion reservation.reservation_id"
    )]
    public Row GetUserDetails([Is("user.user_id"), About("The customer's user id, e.g. 'kim_berg_4410'.")] string userId) =>
        User(db, userId);

    [Read(
        "Show a reservation: route, cabin, flights with dates and fares, passengers, bags, insurance, payments, and when it was booked.",
        Reveals = "reservation segment traveller"
    )]
    public Row GetReservationDetails(
        [Is("reservation.reservation_id"), About("The reservation id, e.g. 'K4T0QZ'.")] string reservationId
    ) => Reservation(db, reservationId);

    [Read("List all airports by code, each with its city.")]
    public Json ListAllAirports() =>
        JsonMap.Create(
            Airports.All.Where(a => db["flights"].Having("origin", a.Code).Any()).Select(a => KeyValuePair.Create(a.Code, (Json)a.City))
        );

    [Read(
        "List the flights that go from one airport to another without a stop and can be booked for a day, "
            + "with free seats and fares in each cabin.",
        Reveals = "flight departure",
        Omits = true
    )]
    public Json SearchDirectFlight(
        [Is("flight.origin"), About("Airport of departure by its code, e.g. 'BOS'.")] string origin,
        [Is("flight.destination"), About("Airport of arrival by its code, e.g. 'SEA'.")] string destination,
        [Is("departure.date"), About("Day of departure, e.g. '2024-05-22'.")] string date
    ) =>
        Json.List(
            db["flights"]
                .Having("origin", origin)
                .Where(f => f["destination"].Text == destination && OnSale(f, date))
                .Select(f => (Json)Offer(f, date))
        );

    [Read(
        "List pairs of flights that go from one airport to another with one stop and can be booked for a day, "
            + "with free seats and fares in each cabin.",
        Reveals = "flight",
        Omits = true
    )]
    public Json SearchOnestopFlight(
        [Is("flight.origin"), About("Airport of departure by its code, e.g. 'BOS'.")] string origin,
        [Is("flight.destination"), About("Airport of arrival by its code, e.g. 'SEA'.")] string destination,
        [Is("departure.date"), About("Day on which the first flight departs, e.g. '2024-05-22'.")] string date
    )
    {
        var pairs = new List<Json>();
        foreach (var first in db["flights"].Having("origin", origin))
        {
            var arrival = first.Text("scheduled_arrival_time_est");
            var next = arrival.Contains("+1", StringComparison.Ordinal) ? NextDay(date) : date;
            if (!OnSale(first, date))
                continue;
            foreach (var second in db["flights"].Having("origin", first["destination"]))
            {
                if (second["destination"].Text != destination || !OnSale(second, next))
                    continue;
                if (string.CompareOrdinal(arrival, second.Text("scheduled_departure_time_est")) > 0)
                    continue;
                // The benchmark shows fares and seats of the second flight for the first day, even if it departs on the next.
                pairs.Add(
                    Json.List([Offer(first, date).With("date", date), Offer(second, db.IsBenchmark ? date : next).With("date", next)])
                );
            }
        }

        return Json.List(pairs);
    }

    [Read("Work out an arithmetic expression and round the result to two decimals.", Calculates = true)]
    public string Calculate([About("Numbers, + - * /, parentheses and blanks, e.g. '2 * (180 + 30)'.")] string expression) =>
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
        "Book flights for one or more passengers. The payments must add up to the total price. Returns the reservation.",
        Changes = "reservation user.reservations[] payment_method payment_method.amount " + Seats
    )]
    [
        Guard(nameof(FlightsOnSale), Enforced = true),
        Guard(nameof(SeatsLeft), Enforced = true),
        Guard(nameof(BalancesSuffice), Enforced = true)
    ]
    [Guard(nameof(NotTooMany)), Guard(nameof(PaymentMix))]
    public Row BookReservation(
        [Is("user.user_id"), About("The user id of the customer who books.")] string userId,
        [Is("reservation.origin"), About("Airport where the trip begins, by its code.")] string origin,
        [Is("reservation.destination"), About("Airport to which the trip leads, by its code.")] string destination,
        [Is("reservation.flight_type"), OneOf("one_way", "round_trip"), About("Whether the trip leads back.")] string flightType,
        [Is("reservation.cabin"), OneOf("basic_economy", "economy", "business"), About("The cabin, for all flights and passengers.")]
            string cabin,
        [About("All flights of the trip, in order.")] FlightChoice[] flights,
        [About("All passengers.")] Passenger[] passengers,
        [About("What pays how much.")] Payment[] paymentMethods,
        [Is("reservation.total_baggages"), About("How many checked bags in all.")] int totalBaggages,
        [Is("reservation.nonfree_baggages"), About("How many of these bags exceed the free allowance.")] int nonfreeBaggages,
        [Is("reservation.insurance"), OneOf("yes", "no"), About("Whether travel insurance is bought.")] string insurance
    )
    {
        var user = User(db, userId);
        RequireBirthDates(passengers);
        var id =
            NewReservations.FirstOrDefault(r => db["reservations"].Find(r) is null)
            ?? throw new ToolError("no more than three reservations can be booked in one conversation");
        var legs = new List<Json>();
        var total = 0.0;
        foreach (var choice in flights)
        {
            var leg = NewLeg(db, choice, cabin);
            total += leg["price"].Number!.Value * passengers.Length;
            legs.Add(leg);
        }

        if (insurance == "yes")
            total += db.Parameters.Number("insurance_fee") * passengers.Length;
        total += BagFee(db) * nonfreeBaggages;
        var paid = paymentMethods.Sum(p => p.Amount);
        var charged = user;
        foreach (var payment in paymentMethods)
        {
            charged = Method(user, payment.PaymentId)["source"].Text switch
            {
                GiftCard => Charge(charged, payment.PaymentId, payment.Amount),
                Certificate => charged.Set("payment_methods", ((JsonMap)charged["payment_methods"]).Without(payment.PaymentId)),
                _ => charged,
            };
        }

        if (!paid.Equals(total))
            throw new ToolError($"the payments come to {Said(paid)}, the trip costs {Said(total)}");
        db["users"].Change(userId, _ => charged.Set("reservations", Json.List([.. charged.List("reservations"), id])));
        Seat(legs, cabin, -passengers.Length);
        return db["reservations"]
            .Add(
                id,
                ("reservation_id", id),
                ("user_id", userId),
                ("origin", origin),
                ("destination", destination),
                ("flight_type", flightType),
                ("cabin", cabin),
                ("flights", Json.List(legs)),
                ("passengers", People(passengers)),
                ("payment_history", Json.List(paymentMethods.Select(p => Paid(p.PaymentId, p.Amount)))),
                ("created_at", db.Now.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
                ("total_baggages", totalBaggages),
                ("nonfree_baggages", nonfreeBaggages),
                ("insurance", insurance)
            );
    }

    [Write(
        "Cancel a reservation with all its flights and refund what was paid. Returns the reservation.",
        Changes = "reservation.status reservation.payment_history " + Seats
    )]
    [Guard(nameof(CancellationAllowed)), Guard(nameof(NothingFlown))]
    public Row CancelReservation([Is("reservation.reservation_id"), About("The reservation id.")] string reservationId)
    {
        var reservation = Reservation(db, reservationId);
        var payments = reservation.List("payment_history");
        Seat(reservation.List("flights"), reservation.Text("cabin"), reservation.List("passengers").Count);
        return db["reservations"]
            .Change(
                reservationId,
                r =>
                    r.Set(
                            "payment_history",
                            Json.List([.. payments, .. payments.Select(p => Paid(p["payment_id"].Text!, -p["amount"].Number!.Value))])
                        )
                        .Set("status", "cancelled")
            );
    }

    [Write(
        "Set the checked bags of a reservation; more bags beyond the free allowance are charged. Returns the reservation.",
        Changes = "reservation.total_baggages reservation.nonfree_baggages reservation.payment_history payment_method.amount"
    )]
    [Guard(nameof(NoCertificate), Enforced = true), Guard(nameof(GiftCardCoversBags), Enforced = true), Guard(nameof(BagsOnlyAdded))]
    public Row UpdateReservationBaggages(
        [Is("reservation.reservation_id"), About("The reservation id.")] string reservationId,
        [Is("reservation.total_baggages"), About("How many checked bags there are to be in all.")] int totalBaggages,
        [Is("reservation.nonfree_baggages"), About("How many of them exceed the free allowance.")] int nonfreeBaggages,
        [Is("payment_method.id"), About("The gift card or credit card that pays, by its id in the customer's profile.")] string paymentId
    )
    {
        var reservation = Reservation(db, reservationId);
        return Charged(
            reservation,
            paymentId,
            BagPrice(db, reservation, nonfreeBaggages),
            r => r.Set("total_baggages", totalBaggages).Set("nonfree_baggages", nonfreeBaggages)
        );
    }

    [Write(
        "Set the cabin and all the flights of a reservation; the difference in price is charged or refunded. Returns the reservation.",
        Changes = "reservation.cabin reservation.flights reservation.payment_history payment_method.amount " + Seats
    )]
    [
        Guard(nameof(NewFlightsOnSale), Enforced = true),
        Guard(nameof(NewSeatsLeft), Enforced = true),
        Guard(nameof(NoCertificate), Enforced = true)
    ]
    [
        Guard(nameof(GiftCardCoversFlights), Enforced = true),
        Guard(nameof(BasicEconomyKeepsFlights)),
        Guard(nameof(SameRoute)),
        Guard(nameof(NothingFlownYet))
    ]
    public Row UpdateReservationFlights(
        [Is("reservation.reservation_id"), About("The reservation id.")] string reservationId,
        [
            Is("reservation.cabin"),
            OneOf("basic_economy", "economy", "business"),
            About("The cabin, for all flights; the present one where it stays.")
        ]
            string cabin,
        [About("All flights of the reservation as they are to be, in order, those that stay included.")] FlightChoice[] flights,
        [Is("payment_method.id"), About("The gift card or credit card that pays or is refunded, by its id in the customer's profile.")]
            string paymentId
    )
    {
        var reservation = Reservation(db, reservationId);
        var legs = Legs(db, reservation, cabin, flights);
        // The benchmark does not update the reservation's cabin; only the fares show the change.
        var changed = Charged(
            reservation,
            paymentId,
            PriceDifference(reservation, legs),
            r => (db.IsBenchmark ? r : r.Set("cabin", cabin)).Set("flights", Json.List(legs))
        );
        var people = reservation.List("passengers").Count;
        Seat(reservation.List("flights"), reservation.Text("cabin"), people);
        Seat(legs, cabin, -people);
        return changed;
    }

    [Write("Set the names and dates of birth of a reservation's passengers. Returns the reservation.", Changes = "reservation.passengers")]
    [Guard(nameof(SameHeadcount), Enforced = true)]
    public Row UpdateReservationPassengers(
        [Is("reservation.reservation_id"), About("The reservation id.")] string reservationId,
        [About("All passengers as they are to be, those that stay included.")] Passenger[] passengers
    )
    {
        Reservation(db, reservationId);
        RequireBirthDates(passengers);
        return db["reservations"].Change(reservationId, r => r.Set("passengers", People(passengers)));
    }

    [Write("Send a customer a travel certificate. It cannot be taken back.", Changes = "payment_method")]
    [Guard(nameof(CompensationDue))]
    public string SendCertificate(
        [Is("user.user_id"), About("The customer's user id.")] string userId,
        [Is("payment_method.amount"), About("What it is worth in dollars.")] double amount
    )
    {
        var user = User(db, userId);
        var id =
            NewCertificates.FirstOrDefault(c => user["payment_methods"][c].IsNull)
            ?? throw new ToolError("no more than three certificates can be sent in one conversation");
        db["users"].Change(userId, u => u.SetIn(Json.Map(("source", Certificate), ("amount", amount), ("id", id)), "payment_methods", id));
        return $"Certificate {id} added to user {userId} with amount {Said(amount)}.";
    }

    // ---- guards ----

    [Clause("4.1")]
    public static bool FlightsOnSale(Db db, FlightChoice[] flights) =>
        Array.TrueForAll(flights, f => Day(db, f)["status"].Text == "available");

    [Clause("4.2")]
    public static bool SeatsLeft(Db db, FlightChoice[] flights, Passenger[] passengers, string cabin) =>
        Array.TrueForAll(flights, f => HasSeats(db, f, cabin, passengers.Length));

    [Clause("4.3")]
    public static bool NotTooMany(Db db, Passenger[] passengers) =>
        passengers.Length >= 1 && passengers.Length <= db.Parameters.Int("max_passengers");

    [Clause("4.4")]
    public static bool PaymentMix(Db db, Row user, Payment[] paymentMethods)
    {
        int Count(string source) => paymentMethods.Count(p => Method(user, p.PaymentId)["source"].Text == source);
        return Count(Certificate) <= 1 && Count(CreditCard) <= 1 && Count(GiftCard) <= db.Parameters.Int("max_gift_cards");
    }

    [Clause("4.5")]
    public static bool BalancesSuffice(Row user, Payment[] paymentMethods) =>
        Array.TrueForAll(
            paymentMethods,
            p => Method(user, p.PaymentId) is var method && (method["source"].Text == CreditCard || !(method["amount"].Number < p.Amount))
        );

    [Clause("4.1")]
    public static bool NewFlightsOnSale(Db db, Row reservation, string cabin, FlightChoice[] flights) =>
        Array.TrueForAll(flights, f => Kept(reservation, cabin, f) is not null || Day(db, f)["status"].Text == "available");

    [Clause("4.2")]
    public static bool NewSeatsLeft(Db db, Row reservation, string cabin, FlightChoice[] flights) =>
        Array.TrueForAll(
            flights,
            f => Kept(reservation, cabin, f) is not null || HasSeats(db, f, cabin, reservation.List("passengers").Count)
        );

    [Clause("5.1")]
    public static bool BasicEconomyKeepsFlights(Row reservation, FlightChoice[] flights) =>
        reservation["cabin"].Text != "basic_economy"
        || (flights.Length == reservation.List("flights").Count && Array.TrueForAll(flights, f => Held(reservation, f) is not null));

    // The first flight of each direction departs, and the last arrives, where the original ones did.
    [Clause("5.2")]
    public static bool SameRoute(Db db, Row reservation, FlightChoice[] flights)
    {
        var legs = flights.Select(f => Flight(db, f.FlightNumber)).ToArray();
        if (legs.Length == 0 || legs[0]["origin"] != reservation["origin"])
            return false;
        for (var i = 1; i < legs.Length; i++)
        {
            if (legs[i]["origin"] != legs[i - 1]["destination"])
                return false;
        }

        return reservation["flight_type"].Text == "round_trip"
            ? legs[^1]["destination"] == reservation["origin"] && legs.Any(l => l["destination"] == reservation["destination"])
            : legs[^1]["destination"] == reservation["destination"];
    }

    [Clause("5.6")]
    public static bool NoCertificate(Row reservation, Db db, string paymentId) =>
        Method(Owner(db, reservation), paymentId)["source"].Text != Certificate;

    [Clause("5.7")]
    public static bool GiftCardCoversFlights(Db db, Row reservation, string cabin, FlightChoice[] flights, string paymentId) =>
        Covers(Method(Owner(db, reservation), paymentId), PriceDifference(reservation, Legs(db, reservation, cabin, flights)));

    [Clause("5.7")]
    public static bool GiftCardCoversBags(Db db, Row reservation, int nonfreeBaggages, string paymentId) =>
        Covers(Method(Owner(db, reservation), paymentId), BagPrice(db, reservation, nonfreeBaggages));

    [Clause("5.5")]
    public static bool NothingFlownYet(Db db, Row reservation) => !Begun(db, reservation);

    [Clause("6.1")]
    public static bool BagsOnlyAdded(Row reservation, int totalBaggages) => totalBaggages >= reservation.Int("total_baggages");

    [Clause("6.2")]
    public static bool SameHeadcount(Row reservation, Passenger[] passengers) => passengers.Length == reservation.List("passengers").Count;

    [Clause("7.1")]
    public static bool CancellationAllowed(Db db, Row reservation) =>
        BookedToday(db, reservation)
        || reservation["cabin"].Text == "business"
        || reservation["insurance"].Text == "yes"
        || Disrupted(db, reservation, "cancelled");

    [Clause("7.2")]
    public static bool NothingFlown(Db db, Row reservation) => !Begun(db, reservation);

    [Clause("8.1")]
    public static bool CompensationDue(Db db, Row user, double amount)
    {
        foreach (var id in user.List("reservations"))
        {
            if (db["reservations"].Find(id.Text!) is not { } reservation)
                continue;
            var entitled =
                user["membership"].Text is "silver" or "gold"
                || reservation["insurance"].Text == "yes"
                || reservation["cabin"].Text == "business";
            var people = reservation.List("passengers").Count;
            if (entitled && Disrupted(db, reservation, "cancelled") && amount.Equals(db.Parameters.Number("for_cancelled") * people))
                return true;
            if (entitled && Disrupted(db, reservation, "delayed") && amount.Equals(db.Parameters.Number("for_delayed") * people))
                return true;
        }

        return false;
    }

    // ---- what intents ask for ----

    [Formula]
    public static int PaidBags(Db db, string membership, string cabin, int people, int bags) =>
        PaidBags(db.Parameters, membership, cabin, people, bags);

    internal static int PaidBags(PackParameters parameters, string membership, string cabin, int people, int bags)
    {
        var level = membership is "regular" or "silver" ? membership : "gold";
        var free = parameters.Int($"{level}_{(cabin == "basic_economy" ? "basic" : cabin)}");
        return Math.Max(0, bags - (free * people));
    }

    /// <summary>A reservation's flights in the form that the tools take.</summary>
    [Formula]
    public static Json FlightsOf(Db db, string reservationId) =>
        Json.List(
            Reservation(db, reservationId)
                .List("flights")
                .Select(l => (Json)Json.Map(("flight_number", l["flight_number"]), ("date", l["date"])))
        );

    [Formula]
    public static bool HasFlight(Db db, string reservationId, string status) => Disrupted(db, Reservation(db, reservationId), status);

    /// <summary>The price of a flight for one passenger on a day.</summary>
    [Formula]
    public static double Fare(Db db, string flightNumber, string date, string cabin) =>
        NewLeg(db, new(flightNumber, date), cabin)["price"].Number!.Value;

    /// <summary>The total paid for a reservation, less refunds.</summary>
    [Formula]
    public static double Paid(Db db, string reservationId) =>
        Reservation(db, reservationId).List("payment_history").Sum(p => p["amount"].Number!.Value);

    [Formula]
    public static bool Begun(Db db, string reservationId) => Begun(db, Reservation(db, reservationId));

    [Formula]
    public static bool Fresh(Db db, string reservationId) => BookedToday(db, Reservation(db, reservationId));

    /// <summary>Whether all flights of a reservation lie in the future.</summary>
    [Formula]
    public static bool Ahead(Db db, string reservationId) =>
        Reservation(db, reservationId)
            .List("flights")
            .All(l => string.CompareOrdinal(l["date"].Text, db.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) > 0);

    // ---- what tools and guards share ----

    private static Row User(Db db, string userId) => db["users"].Find(userId) ?? throw new ToolError("there is no such customer");

    private static Row Reservation(Db db, string reservationId) =>
        db["reservations"].Find(reservationId) ?? throw new ToolError("there is no such reservation");

    private static Row Flight(Db db, string flightNumber) =>
        db["flights"].Find(flightNumber) ?? throw new ToolError($"there is no flight {flightNumber}");

    private static Row Owner(Db db, Row reservation) => User(db, reservation.Text("user_id"));

    private static Json Method(Row user, string paymentId) =>
        user["payment_methods"][paymentId] is { IsNull: false } method
            ? method
            : throw new ToolError($"the customer has no payment method {paymentId}");

    private static Json Day(Db db, FlightChoice choice) =>
        Flight(db, choice.FlightNumber)["dates"][choice.Date] is { IsNull: false } day
            ? day
            : throw new ToolError($"the flight {choice.FlightNumber} does not go on {choice.Date}");

    private static bool OnSale(Row flight, string date) => flight["dates"][date]["status"].Text == "available";

    private static bool HasSeats(Db db, FlightChoice choice, string cabin, int people) =>
        !(Day(db, choice)["available_seats"][cabin].Number < people);

    private static JsonMap Offer(Row flight, string date)
    {
        var offer = flight.Values.Without("dates");
        if (flight["dates"][date] is JsonMap day)
        {
            for (var i = 0; i < day.Count; i++)
                offer = offer.With(day.Keys[i], day.Values[i]);
        }

        return offer;
    }

    // Returns seats or takes them. A flight that is not on sale has no seats to count; the benchmark never counts seats.
    private void Seat(IEnumerable<Json> legs, string cabin, int seats)
    {
        if (db.IsBenchmark)
            return;
        foreach (var leg in legs)
        {
            var date = leg["date"].Text!;
            if (Flight(db, leg["flight_number"].Text!)["dates"][date]["available_seats"][cabin].Number is not { } free)
                continue;
            db["flights"].Change(leg["flight_number"], f => f.SetIn((int)free + seats, "dates", date, "available_seats", cabin));
        }
    }

    // No day after the end of the month is on sale, so the month need not roll over.
    private static string NextDay(string date) =>
        date.Length == 10 && int.TryParse(date.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            ? date[..8] + (day + 1).ToString(CultureInfo.InvariantCulture)
            : throw new ToolError($"{date} is no day such as 2024-05-22");

    private static Json? Held(Row reservation, FlightChoice choice)
    {
        foreach (var leg in reservation.List("flights"))
        {
            if (leg["flight_number"].Text == choice.FlightNumber && leg["date"].Text == choice.Date)
                return leg;
        }

        return null;
    }

    // An unchanged flight in the cabin of the booking keeps its fare.
    private static Json? Kept(Row reservation, string cabin, FlightChoice choice) =>
        reservation["cabin"].Text == cabin ? Held(reservation, choice) : null;

    private static JsonMap NewLeg(Db db, FlightChoice choice, string cabin)
    {
        var flight = Flight(db, choice.FlightNumber);
        return Day(db, choice)["prices"][cabin] is JsonNumber price
            ? Leg(choice, price, flight["origin"], flight["destination"])
            : throw new ToolError($"the flight {choice.FlightNumber} is not on sale on {choice.Date}");
    }

    private static JsonMap Leg(FlightChoice choice, Json price, Json origin, Json destination) =>
        (JsonMap)
            Json.Map(
                ("flight_number", choice.FlightNumber),
                ("date", choice.Date),
                ("price", price),
                ("origin", origin),
                ("destination", destination)
            );

    private static List<Json> Legs(Db db, Row reservation, string cabin, FlightChoice[] flights) =>
        [
            .. flights.Select(f =>
                (Json)(
                    Kept(reservation, cabin, f) is { } kept
                        ? Leg(f, kept["price"], kept["origin"], kept["destination"])
                        : NewLeg(db, f, cabin)
                )
            ),
        ];

    private static double PriceDifference(Row reservation, List<Json> legs)
    {
        var people = reservation.List("passengers").Count;
        return legs.Sum(l => l["price"].Number!.Value * people) - (reservation.List("flights").Sum(l => l["price"].Number!.Value) * people);
    }

    private static double BagPrice(Db db, Row reservation, int nonfreeBaggages) =>
        BagFee(db) * Math.Max(0, nonfreeBaggages - reservation.Int("nonfree_baggages"));

    private static double BagFee(Db db) => db.Parameters.Number("bag_fee");

    private static bool Covers(Json method, double amount) => method["source"].Text != GiftCard || !(method["amount"].Number < amount);

    private Row Charged(Row reservation, string paymentId, double amount, Func<Row, Row> change)
    {
        var user = Owner(db, reservation);
        if (Method(user, paymentId)["source"].Text == GiftCard && !amount.Equals(0d))
            db["users"].Change(user.Key, u => Charge(u, paymentId, amount));
        return db["reservations"]
            .Change(
                reservation.Key,
                r =>
                    amount.Equals(0d)
                        ? change(r)
                        : change(r).Set("payment_history", Json.List([.. r.List("payment_history"), Paid(paymentId, amount)]))
            );
    }

    private static Row Charge(Row user, string paymentId, double amount) =>
        user.SetIn(Method(user, paymentId)["amount"].Number!.Value - amount, "payment_methods", paymentId, "amount");

    private static Json Paid(string paymentId, double amount) => Json.Map(("payment_id", paymentId), ("amount", amount));

    private static void RequireBirthDates(Passenger[] passengers)
    {
        foreach (var passenger in passengers)
        {
            if (!FieldValues.TryDate(passenger.Dob, out _))
                throw new ToolError($"the date of birth {passenger.Dob} is not written as YYYY-MM-DD");
        }
    }

    private static Json People(Passenger[] passengers) =>
        Json.List(passengers.Select(p => (Json)Json.Map(("first_name", p.FirstName), ("last_name", p.LastName), ("dob", p.Dob))));

    private static bool BookedToday(Db db, Row reservation) =>
        string.CompareOrdinal(
            reservation.Text("created_at"),
            db.Now.AddHours(-db.Parameters.Int("cancel_hours")).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        ) >= 0;

    private static string? StatusOf(Db db, Json leg) =>
        db["flights"].Find(leg["flight_number"].Text!)?["dates"][leg["date"].Text!]["status"].Text;

    private static bool Disrupted(Db db, Row reservation, string status) => reservation.List("flights").Any(l => StatusOf(db, l) == status);

    private static bool Begun(Db db, Row reservation) => reservation.List("flights").Any(l => StatusOf(db, l) is "landed" or "flying");

    private static string Said(double amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);
}
