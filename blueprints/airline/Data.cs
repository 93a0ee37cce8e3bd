using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Airline;

/// <summary>Makes the airline: 300 flights with 30 days each, 500 customers, 2,000 reservations.</summary>
public static class Data
{
    private const int Users = 500;
    private const int Reservations = 2000;
    private const int FlightsPerRoute = 6;
    private const int FirstFlight = 101;

    private const int AirportsOfWorlds = 20;
    private const int RoutesOfWorlds = 25;

    // Typical fares; longer flights cost more.
    private static (string Name, int Fare)[] Cabins(DataMaker make) =>
        [
            ("basic_economy", make.Parameters.Int("fare_basic")),
            ("economy", make.Parameters.Int("fare_economy")),
            ("business", make.Parameters.Int("fare_business")),
        ];

    public static void Make(DataMaker make)
    {
        var month = new DateOnly(make.Now.Year, make.Now.Month, 1);
        var flights = Flights(make, month);
        var ids = new Ids(make.Random);
        var users = Enumerable.Range(0, Users).Select(_ => NewUser(make, ids)).ToList();
        for (var i = 0; i < Reservations; i++)
            AddReservation(make, ids, flights, make.Random.Pick(users));
        foreach (var flight in flights)
            make.Add("flights", flight.Number, flight.Row());
        foreach (var user in users)
            make.Add("users", user.Id, user.Row());
    }

    // ---- flights ----

    private sealed record Flight(string Number, string Origin, string Destination, int Departs, int Minutes, JsonMap Dates)
    {
        public Json Row() =>
            Json.Map(
                ("flight_number", Number),
                ("origin", Origin),
                ("destination", Destination),
                ("scheduled_departure_time_est", Time(Departs)),
                ("scheduled_arrival_time_est", Time(Departs + Minutes)),
                ("dates", Dates)
            );

        public string? Status(string date) => Dates[date]["status"].Text;

        private static string Time(int minutes)
        {
            var ofDay = minutes % 1440;
            return $"{ofDay / 60:00}:{ofDay % 60:00}:00{(minutes >= 1440 ? "+1" : "")}";
        }
    }

    // Each line of routes.txt: two airports and the minutes between them. Flights go both ways, spread over the day.
    private static List<Flight> Flights(DataMaker make, DateOnly month)
    {
        var flights = new List<Flight>();
        foreach (var (one, other, minutes) in make.IsWorld ? RoutesOfAWorld(make) : Routes(make))
        {
            foreach (var (from, to) in new[] { (one, other), (other, one) })
            {
                for (var i = 0; i < FlightsPerRoute; i++)
                {
                    var departs = 330 + (i * 180) + (15 * make.Random.Next(12));
                    var length = minutes + (5 * make.Random.Next(4));
                    var days = Enumerable
                        .Range(0, DateTime.DaysInMonth(month.Year, month.Month) - 1)
                        .Select(month.AddDays)
                        .Select(d => KeyValuePair.Create(Iso(d), Day(make, d, departs, length)));
                    flights.Add(new($"KTA{FirstFlight + flights.Count}", from, to, departs, length, JsonMap.Create(days)));
                }
            }
        }

        return flights;
    }

    private static IEnumerable<(string From, string To, int Minutes)> Routes(DataMaker make) =>
        make.Lines("routes.txt")
            .Select(line => line.Split(' '))
            .Select(parts => (parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)));

    // Every airport is joined to one before it, and a few more pairs are added, so that each can be reached.
    private static List<(string From, string To, int Minutes)> RoutesOfAWorld(DataMaker make)
    {
        var served = make.Random.Shuffled(Airports.All).Take(AirportsOfWorlds).ToArray();
        var pairs = new HashSet<(int, int)>();
        for (var i = 1; i < served.Length; i++)
            pairs.Add((make.Random.Next(i), i));
        while (pairs.Count < RoutesOfWorlds)
        {
            var (a, b) = (make.Random.Next(served.Length), make.Random.Next(served.Length));
            if (a != b)
                pairs.Add((Math.Min(a, b), Math.Max(a, b)));
        }

        return [.. pairs.Order().Select(p => (served[p.Item1].Code, served[p.Item2].Code, Minutes(served[p.Item1], served[p.Item2])))];
    }

    // To five minutes: half an hour for start and landing, and 8 miles a minute; a degree is 69 miles, or 53 from east to west.
    private static int Minutes(Airport a, Airport b)
    {
        var (north, west) = ((a.North - b.North) * 69, (a.West - b.West) * 53);
        return 5 * (int)((30 + (Math.Sqrt((north * north) + (west * west)) / 8)) / 5);
    }

    private static Json Day(DataMaker make, DateOnly date, int departs, int minutes)
    {
        var random = make.Random;
        var today = DateOnly.FromDateTime(make.Now.DateTime);
        var now = (make.Now.Hour * 60) + make.Now.Minute;
        var cancelled = random.Chance(0.06);
        var late = random.Next(100) switch
        {
            < 60 => random.Between(-5, 15),
            < 85 => random.Between(15, 45),
            _ => random.Between(60, 200),
        };
        Json At(int offset) =>
            date.ToDateTime(TimeOnly.MinValue).AddMinutes(offset).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var (leaves, lands) = (departs + late, departs + late + minutes);
        if (cancelled)
            return Json.Map(("status", "cancelled"));
        if (date > today)
            return Sale(make, minutes);
        if (date < today || lands <= now)
            return Json.Map(("status", "landed"), ("actual_departure_time_est", At(leaves)), ("actual_arrival_time_est", At(lands)));
        if (leaves <= now)
            return Json.Map(("status", "flying"), ("actual_departure_time_est", At(leaves)), ("estimated_arrival_time_est", At(lands)));
        return Json.Map(
            ("status", late >= 45 ? "delayed" : "on time"),
            ("estimated_departure_time_est", At(leaves)),
            ("estimated_arrival_time_est", At(lands))
        );
    }

    private static Json Sale(DataMaker make, int minutes)
    {
        var (random, cabins) = (make.Random, Cabins(make));
        return Json.Map(
            ("status", "available"),
            (
                "available_seats",
                JsonMap.Create(
                    cabins.Select(c =>
                        KeyValuePair.Create(c.Name, (Json)(random.Chance(0.12) ? random.Between(0, 2) : random.Between(3, 20)))
                    )
                )
            ),
            ("prices", JsonMap.Create(cabins.Select(c => KeyValuePair.Create(c.Name, (Json)Fare(random, c.Fare, minutes)))))
        );
    }

    private static int Fare(SeededRandom random, int fare, int minutes) =>
        (int)(fare * (0.6 + (minutes / 300.0)) * (0.85 + (0.3 * random.NextDouble())));

    // ---- customers ----

    private sealed class User(string id, string membership, Json name, Json address, string email, string dob)
    {
        public string Id => id;

        public string Membership => membership;

        public List<JsonMap> Methods { get; } = [];

        public List<Json> Saved { get; } = [];

        public List<Json> Booked { get; } = [];

        public Json Person => Json.Map(("first_name", name["first_name"]), ("last_name", name["last_name"]), ("dob", dob));

        public Json Row() =>
            Json.Map(
                ("name", name),
                ("address", address),
                ("email", email),
                ("dob", dob),
                ("payment_methods", JsonMap.Create(Methods.Select(m => KeyValuePair.Create(m["id"].Text!, (Json)m)))),
                ("saved_passengers", Json.List(Saved)),
                ("membership", membership),
                ("reservations", Json.List(Booked))
            );
    }

    private static User NewUser(DataMaker make, Ids ids)
    {
        var random = make.Random;
        var (first, last) = (FirstName(make), LastName(make));
        var name = $"{first}_{last}".ToLowerInvariant();
        var city = random.Pick(make.Lines("cities.txt")).Split(';');
        var address = Json.Map(
            ("address1", $"{random.Between(1, 990)} {(make.IsWorld ? make.Street() : random.Pick(make.Lines("streets.txt")))}"),
            ("address2", $"Apt {random.Between(1, 80)}"),
            ("city", make.IsWorld ? make.City() : city[0]),
            ("country", "USA"),
            ("state", city[1]),
            ("zip", $"{city[2]}{random.Between(1, 99):00}")
        );
        var membership = random.Next(10) switch
        {
            < 4 => "regular",
            < 7 => "silver",
            _ => "gold",
        };
        var user = new User(
            ids.New(name + "_", 4),
            membership,
            Json.Map(("first_name", first), ("last_name", last)),
            address,
            $"{first}.{last}{random.Between(10, 9999)}@post.example".ToLowerInvariant(),
            Birthday(random)
        );
        var others = Others(make, first);
        user.Saved.AddRange(
            others.Select(n =>
                Json.Map(("first_name", n), ("last_name", random.Chance(0.6) ? last : LastName(make)), ("dob", Birthday(random)))
            )
        );
        for (
            var i = random.Next(100) switch
            {
                < 12 => 0,
                < 80 => 1,
                _ => 2,
            };
            i > 0;
            i--
        )
            user.Methods.Add(Card(random, ids));
        for (var i = user.Methods.Count == 0 ? random.Between(1, 2) : random.Next(3); i > 0; i--)
            user.Methods.Add(Worth(random, ids, "gift_card", GiftCardBalance(make)));
        for (var i = random.Next(3); i > 0; i--)
            user.Methods.Add(Worth(random, ids, "certificate", 50 * random.Between(1, 10)));
        return user;
    }

    private static string FirstName(DataMaker make) => make.IsWorld ? make.FirstName() : make.Random.Pick(make.Lines("first_names.txt"));

    private static string LastName(DataMaker make) => make.IsWorld ? make.Surname() : make.Random.Pick(make.Lines("last_names.txt"));

    // The first names of one to three companions.
    private static IEnumerable<string> Others(DataMaker make, string first)
    {
        if (!make.IsWorld)
            return make.Random.Shuffled(make.Lines("first_names.txt").Where(n => n != first)).Take(make.Random.Between(1, 3));
        var others = new List<string>();
        for (var wanted = make.Random.Between(1, 3); others.Count < wanted; )
        {
            var next = make.FirstName();
            if (next != first && !others.Contains(next))
                others.Add(next);
        }

        return others;
    }

    // Nearly spent cards are rare in the pack's own database; each world has some that do not cover a bag.
    private static int GiftCardBalance(DataMaker make) =>
        make.IsWorld && make.Random.Chance(0.3) ? make.Random.Between(2, 40) : make.Random.Between(12, 900);

    private static JsonMap Card(SeededRandom random, Ids ids) =>
        (JsonMap)
            Json.Map(
                ("source", "credit_card"),
                ("brand", random.Pick(["visa", "mastercard", "amex"])),
                ("last_four", random.Between(0, 9999).ToString("0000", CultureInfo.InvariantCulture)),
                ("id", ids.New("credit_card_", 7))
            );

    private static JsonMap Worth(SeededRandom random, Ids ids, string source, int amount) =>
        (JsonMap)Json.Map(("source", source), ("amount", amount), ("id", ids.New(source + "_", 7)));

    private static string Birthday(SeededRandom random) => Iso(new DateOnly(1946, 1, 1).AddDays(random.Next(21500)));

    // ---- reservations ----

    private static void AddReservation(DataMaker make, Ids ids, List<Flight> flights, User user)
    {
        var random = make.Random;
        var id = ids.Code();
        var cabin = random.Pick(Cabins(make));
        var isReturn = random.Chance(0.4);
        var (outward, origin, destination) = Way(random, flights);
        // About four trips in ten have begun or are over; the others lie ahead.
        var day =
            random.Chance(0.1) ? make.Now.Day
            : random.Chance(0.35) ? random.Between(1, make.Now.Day - 1)
            : random.Between(make.Now.Day + 1, 26);
        var legs = outward.Select(f => Leg(make, f, day, cabin.Fare, cabin.Name)).ToList();
        if (isReturn)
        {
            var back = outward
                .AsEnumerable()
                .Reverse()
                .Select(f => random.Pick(flights.Where(g => g.Origin == f.Destination && g.Destination == f.Origin).ToList()));
            var returns = Math.Min(day + random.Between(1, 6), 30);
            legs.AddRange(back.Select(f => Leg(make, f, returns, cabin.Fare, cabin.Name)));
        }

        var people = new List<Json>();
        if (random.Chance(0.9))
            people.Add(user.Person);
        people.AddRange(random.Shuffled(user.Saved).Take(random.Next(4)).Take(make.Parameters.Int("max_passengers") - people.Count));
        if (people.Count == 0)
            people.Add(user.Person);
        var bags = random.Chance(0.5) ? 0 : random.Between(1, 2 + people.Count);
        var paid = Airline.PaidBags(make.Parameters, user.Membership, cabin.Name, people.Count, bags);
        var insured = random.Chance(0.45);
        var insurance = insured ? make.Parameters.Int("insurance_fee") * people.Count : 0;
        var price = (legs.Sum(l => l["price"].Number!.Value) * people.Count) + insurance + (make.Parameters.Int("bag_fee") * paid);
        var payer = random.Pick(user.Methods.Where(m => m["source"].Text != "certificate").ToList());
        user.Booked.Add(id);
        make.Add(
            "reservations",
            id,
            Json.Map(
                ("reservation_id", id),
                ("user_id", user.Id),
                ("origin", origin),
                ("destination", destination),
                ("flight_type", isReturn ? "round_trip" : "one_way"),
                ("cabin", cabin.Name),
                ("flights", Json.List(legs)),
                ("passengers", Json.List(people)),
                ("payment_history", Json.List([Json.Map(("payment_id", payer["id"]), ("amount", price))])),
                ("created_at", Created(make, day)),
                ("total_baggages", bags),
                ("nonfree_baggages", paid),
                ("insurance", insured ? "yes" : "no")
            )
        );
    }

    // Mostly one flight, sometimes two with a stop in between.
    private static (List<Flight> Flights, string Origin, string Destination) Way(SeededRandom random, List<Flight> flights)
    {
        var first = random.Pick(flights);
        if (random.Chance(0.25))
        {
            var next = flights
                .Where(f =>
                    f.Origin == first.Destination && f.Destination != first.Origin && f.Departs >= first.Departs + first.Minutes + 40
                )
                .ToList();
            if (next.Count > 0 && random.Pick(next) is var second)
                return ([first, second], first.Origin, second.Destination);
        }

        return ([first], first.Origin, first.Destination);
    }

    private static Json Leg(DataMaker make, Flight flight, int day, int fare, string cabin)
    {
        var date = Iso(new DateOnly(make.Now.Year, make.Now.Month, day));
        var price = flight.Dates[date]["prices"][cabin].Number is { } now
            ? (int)(now * (0.85 + (0.3 * make.Random.NextDouble())))
            : Fare(make.Random, fare, flight.Minutes);
        return Json.Map(
            ("origin", flight.Origin),
            ("destination", flight.Destination),
            ("flight_number", flight.Number),
            ("date", date),
            ("price", price)
        );
    }

    // About one in ten was booked within the last day; the others 2 to 24 days before the trip, or before today if the trip lies ahead.
    private static string Created(DataMaker make, int day)
    {
        var now = make.Now.DateTime;
        var begins = new DateTime(now.Year, now.Month, day);
        var created =
            begins > now && make.Random.Chance(0.15)
                ? now.AddMinutes(-make.Random.Between(20, (60 * make.Parameters.Int("cancel_hours")) - 40))
                : (begins < now ? begins : now.Date).AddDays(-make.Random.Between(2, 24)).AddMinutes(make.Random.Next(1440));
        return created.AddSeconds(make.Random.Next(60)).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Generates unique ids.</summary>
    private sealed class Ids(SeededRandom random)
    {
        private const string Signs = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

        /// <summary>A prefix and digits, the first of which is not 0.</summary>
        public string New(string prefix, int digits)
        {
            while (true)
            {
                var id = prefix + random.Between(1, 9).ToString(CultureInfo.InvariantCulture);
                for (var i = 1; i < digits; i++)
                    id += random.Next(10).ToString(CultureInfo.InvariantCulture);
                if (_taken.Add(id))
                    return id;
            }
        }

        /// <summary>Six letters and digits with at least one of each.</summary>
        public string Code()
        {
            while (true)
            {
                var id = new string([.. Enumerable.Range(0, 6).Select(_ => Signs[random.Next(Signs.Length)])]);
                if (id.Any(char.IsAsciiDigit) && id.Any(char.IsAsciiLetter) && _taken.Add(id))
                    return id;
            }
        }
    }
}
