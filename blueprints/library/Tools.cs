using System;
using System.Collections.Generic;
using System.Linq;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Library;

public sealed class LibraryTools(Db db)
{
    // Look-ups.

    [Read(
        "Find a member by card number and surname. Gives the account: kind of card, expiry, fines due, credit, and how many loans, "
            + "holds and bookings there are.",
        Reveals = "member"
    )]
    public Row FindMember(
        [Is("member.card_no"), About("The number on the library card")] string cardNo,
        [Is("member.surname")] string surname
    ) =>
        db["members"]
            .Only(
                "card_no",
                cardNo,
                m => string.Equals(m.Text("surname"), surname.Trim(), StringComparison.OrdinalIgnoreCase),
                "no member has this card number and surname"
            );

    [Read("List a member's loans with due dates and renewals.", Reveals = "loan")]
    public IEnumerable<Row> GetLoans([Is("member.member_id")] string memberId) => Of("loans", memberId);

    [Read("List a member's holds with pick-up branch and state.", Reveals = "hold")]
    public IEnumerable<Row> GetHolds([Is("member.member_id")] string memberId) => Of("holds", memberId);

    [Read("List a member's fines: open, paid and disputed ones.", Reveals = "fine")]
    public IEnumerable<Row> GetFines([Is("member.member_id")] string memberId) => Of("fines", memberId);

    [Read("List a member's room bookings.", Reveals = "booking")]
    public IEnumerable<Row> GetBookings([Is("member.member_id")] string memberId) => Of("bookings", memberId);

    [Read("List the events that a member is registered for.", Reveals = "registration")]
    public IEnumerable<Row> GetRegistrations([Is("member.member_id")] string memberId) => Of("registrations", memberId);

    [Read("Look up a title in the catalogue by its name: author, format, copies on the shelf, members waiting.", Reveals = "title")]
    public IEnumerable<Row> FindTitle([Is("title.title"), About("The full name of the title")] string title) =>
        Some(db["titles"].Having("title", title.Trim(), ignoreCase: true), $"the catalogue has no title \"{title}\"");

    [Read("Get a title of the catalogue by its id.", Reveals = "title")]
    public Row GetTitle([Is("title.title_id")] string titleId) => Title(titleId);

    [Read("List the catalogue's titles on a subject, in every format or in one.", Reveals = "title")]
    public IEnumerable<Row> BrowseTitles(
        [
            Is("title.subject"),
            OneOf(
                "novel",
                "crime",
                "history",
                "science",
                "travel",
                "cookery",
                "gardening",
                "poetry",
                "biography",
                "art",
                "children",
                "technology"
            )
        ]
            string subject,
        [Is("title.format"), OneOf("book", "large_print", "audiobook", "dvd"), About("Leave out for all formats")] string? format = null
    ) =>
        Some(
            db["titles"].Having("subject", subject).Where(t => format is null || t.Text("format") == format),
            $"nothing on {subject} in the format {format}"
        );

    [Read("List the branches of the library, and which of them are open to the public.", Reveals = "branch")]
    public IEnumerable<Row> ListBranches() => db["branches"].Rows;

    [Read("List the rooms of a branch with their seats.", Reveals = "room")]
    public IEnumerable<Row> ListRooms([Is("branch.branch_id")] string branchId) =>
        Some(db["rooms"].Having("branch_id", branchId), $"there is no branch {branchId}");

    [Read("List the times at which rooms of a branch are free, from today on, on all days or on one.", Reveals = "slot")]
    public IEnumerable<Row> FindFreeSlots(
        [Is("branch.branch_id")] string branchId,
        [Is("slot.date"), About("Year-month-day; leave out for all days")] string? date = null
    ) =>
        Some(
            db["slots"].Having("branch_id", branchId).Where(s => s.Flag("free") && (date is null || s.Text("date") == date)),
            "no room is free then"
        );

    [Read("List all times of one room, free or taken.", Reveals = "slot")]
    public IEnumerable<Row> ListRoomSlots([Is("room.room_id")] string roomId) =>
        Some(db["slots"].Having("room_id", roomId), $"there is no room {roomId}");

    [Read("List the coming events at a branch.", Reveals = "event")]
    public IEnumerable<Row> ListEvents([Is("branch.branch_id")] string branchId)
    {
        Branch(branchId);
        return db["events"].Having("branch_id", branchId);
    }

    [Read("Look up a coming event by its name.", Reveals = "event")]
    public IEnumerable<Row> FindEvent([Is("event.name")] string name) =>
        Some(db["events"].Having("name", name.Trim(), ignoreCase: true), $"there is no event \"{name}\"");

    // Loans.

    [Write("Renew a loan: moves its due date by one to three weeks.", Changes = "loan.due loan.renewals")]
    [
        Guard(nameof(StillOut), Enforced = true),
        Guard(nameof(LowFines)),
        Guard(nameof(NobodyWaits)),
        Guard(nameof(UnderMostRenewals), Enforced = true)
    ]
    [Guard(nameof(OneWeekForFilms)), Guard(nameof(NotLongOverdue))]
    public Row RenewLoan([Is("loan.loan_id")] string loanId, [Range(1, 3)] int weeks)
    {
        if (weeks is < 1 or > 3)
            throw new ToolError("a loan is renewed for one to three weeks");
        One("loans", loanId, "loan");
        return db["loans"].Change(loanId, l => l.Set("due", l.Date("due").AddDays(7 * weeks)).Set("renewals", l.Int("renewals") + 1));
    }

    [Write(
        "Report a borrowed item as lost. Its replacement price is put on the account as a fine.",
        Changes = "loan.state fine member.fines_due member.loan_count"
    )]
    [Guard(nameof(StillOut), Enforced = true), Guard(nameof(OverdueBeforeLost))]
    public Row ReportLost([Is("loan.loan_id")] string loanId)
    {
        var loan = One("loans", loanId, "loan");
        var price = Title(loan.Text("title_id")).Money("price");
        var fineId = db.NewId("F");
        db["fines"]
            .Add(
                fineId,
                ("fine_id", fineId),
                ("member_id", loan["member_id"]),
                ("title_id", loan["title_id"]),
                ("title", loan["title"]),
                ("kind", "lost_item"),
                ("amount", price),
                ("date", Iso(db.Today)),
                ("state", "open"),
                ("dispute_reason", Json.Null)
            );
        db["members"]
            .Change(loan["member_id"], m => m.Set("fines_due", m.Money("fines_due") + price).Set("loan_count", m.Int("loan_count") - 1));
        return db["loans"].Change(loanId, l => l.Set("state", "lost"));
    }

    // Holds.

    [Write("Put a title on hold for a member, to be collected at a branch.", Changes = "hold member.hold_count title.waiting")]
    [
        Guard(nameof(LowFines)),
        Guard(nameof(CardValid)),
        Guard(nameof(UnderMostHolds), Enforced = true),
        Guard(nameof(NotOnShelf)),
        Guard(nameof(Lendable), Enforced = true)
    ]
    [Guard(nameof(TitleSuitsCard)), Guard(nameof(NotHeldAlready), Enforced = true), Guard(nameof(BranchIsOpen))]
    public Row PlaceHold(
        [Is("member.member_id")] string memberId,
        [Is("title.title_id")] string titleId,
        [Is("branch.branch_id"), About("The pick-up branch")] string branchId
    )
    {
        var (title, branch) = (Title(titleId), Branch(branchId));
        One("members", memberId, "member");
        var holdId = db.NewId("H");
        db["members"].Change(memberId, m => m.Set("hold_count", m.Int("hold_count") + 1));
        db["titles"].Change(titleId, t => t.Set("waiting", t.Int("waiting") + 1));
        return db["holds"]
            .Add(
                holdId,
                ("hold_id", holdId),
                ("member_id", memberId),
                ("title_id", titleId),
                ("title", title["title"]),
                ("branch_id", branchId),
                ("branch", branch["name"]),
                ("placed", Iso(db.Today)),
                ("state", "waiting"),
                ("collect_by", Json.Null)
            );
    }

    [Write("Cancel a hold.", Changes = "hold member.hold_count title.waiting")]
    [Guard(nameof(NotInTransit))]
    public Row CancelHold([Is("hold.hold_id")] string holdId)
    {
        var hold = One("holds", holdId, "hold");
        db["members"].Change(hold["member_id"], m => m.Set("hold_count", m.Int("hold_count") - 1));
        if (hold.Text("state") == "waiting")
            db["titles"].Change(hold["title_id"], t => t.Set("waiting", t.Int("waiting") - 1));
        db["holds"].Remove(holdId);
        return hold;
    }

    [Write("Change the branch at which a hold is to be collected.", Changes = "hold.branch_id hold.branch")]
    [Guard(nameof(NotInTransit)), Guard(nameof(NotReadyYet)), Guard(nameof(BranchIsOpen))]
    public Row MoveHold([Is("hold.hold_id")] string holdId, [Is("branch.branch_id"), About("The new pick-up branch")] string branchId)
    {
        var (hold, branch) = (One("holds", holdId, "hold"), Branch(branchId));
        if (hold.Text("branch_id") == branchId)
            throw new ToolError($"the hold is already to be collected at {branch.Text("name")}");
        return db["holds"].Change(holdId, h => h.Set("branch_id", branchId).Set("branch", branch["name"]));
    }

    // Fines.

    [Write("Pay a fine, by card or from the account's credit.", Changes = "fine.state member.fines_due member.credit")]
    [Guard(nameof(FineIsOpen), Enforced = true), Guard(nameof(CreditCovers), Enforced = true)]
    public Row PayFine([Is("fine.fine_id")] string fineId, [OneOf("card", "credit")] string method)
    {
        if (method is not ("card" or "credit"))
            throw new ToolError("a fine is paid by card or credit");
        var amount = One("fines", fineId, "fine").Money("amount");
        var fine = db["fines"].Change(fineId, f => f.Set("state", "paid"));
        db["members"]
            .Change(
                fine["member_id"],
                m => m.Set("fines_due", m.Money("fines_due") - amount).Set("credit", m.Money("credit") - (method == "credit" ? amount : 0m))
            );
        return fine;
    }

    [Write(
        "Record that a member disputes a fine. It no longer counts as open.",
        Changes = "fine.state fine.dispute_reason member.fines_due"
    )]
    [Guard(nameof(FineIsOpen), Enforced = true), Guard(nameof(FineIsRecent)), Guard(nameof(FineIsForLateReturn))]
    public Row DisputeFine([Is("fine.fine_id")] string fineId, [About("Why, in the member's words")] string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new ToolError("a dispute needs a reason");
        var fine = One("fines", fineId, "fine");
        db["members"].Change(fine["member_id"], m => m.Set("fines_due", m.Money("fines_due") - fine.Money("amount")));
        return db["fines"].Change(fineId, f => f.Set("state", "disputed").Set("dispute_reason", reason));
    }

    // Rooms.

    [Write("Book a room for a member at one of its times.", Changes = "booking slot.free member.booking_count")]
    [
        Guard(nameof(SlotIsFree), Enforced = true),
        Guard(nameof(RoomSeatsGroup)),
        Guard(nameof(UnderMostBookings)),
        Guard(nameof(NotTooFarAhead))
    ]
    [Guard(nameof(NoJuniorCard)), Guard(nameof(LowFines)), Guard(nameof(CardValid))]
    public Row BookRoom(
        [Is("member.member_id")] string memberId,
        [Is("slot.slot_id")] string slotId,
        [Range(1, 16), About("How many people come")] int people
    )
    {
        if (people < 1)
            throw new ToolError("a group has at least one person");
        One("members", memberId, "member");
        var slot = One("slots", slotId, "slot");
        var bookingId = db.NewId("B");
        db["slots"].Change(slotId, s => s.Set("free", false));
        db["members"].Change(memberId, m => m.Set("booking_count", m.Int("booking_count") + 1));
        return db["bookings"]
            .Add(
                bookingId,
                ("booking_id", bookingId),
                ("member_id", memberId),
                ("slot_id", slotId),
                ("room_id", slot["room_id"]),
                ("room", slot["room"]),
                ("branch_id", slot["branch_id"]),
                ("date", slot["date"]),
                ("start", slot["start"]),
                ("people", people),
                ("price", slot["price"]),
                ("booked_on", Iso(db.Today))
            );
    }

    [Write(
        "Move a booking to another room or time.",
        Changes = "booking.slot_id booking.room_id booking.room booking.branch_id booking.date booking.start booking.price slot.free"
    )]
    [Guard(nameof(NotOnTheDay)), Guard(nameof(SlotIsFree), Enforced = true), Guard(nameof(SlotSeatsBooking)), Guard(nameof(NotTooFarAhead))]
    public Row MoveBooking([Is("booking.booking_id")] string bookingId, [Is("slot.slot_id"), About("The new time")] string slotId)
    {
        var booking = One("bookings", bookingId, "booking");
        var slot = One("slots", slotId, "slot");
        db["slots"].Change(booking["slot_id"], s => s.Set("free", true));
        db["slots"].Change(slotId, s => s.Set("free", false));
        return db["bookings"]
            .Change(
                bookingId,
                b =>
                    b.Set("slot_id", slotId)
                        .Set("room_id", slot["room_id"])
                        .Set("room", slot["room"])
                        .Set("branch_id", slot["branch_id"])
                        .Set("date", slot["date"])
                        .Set("start", slot["start"])
                        .Set("price", slot["price"])
            );
    }

    [Write("Cancel a room booking.", Changes = "booking slot.free member.booking_count")]
    [Guard(nameof(NotOnTheDay))]
    public Row CancelBooking([Is("booking.booking_id")] string bookingId)
    {
        var booking = One("bookings", bookingId, "booking");
        db["slots"].Change(booking["slot_id"], s => s.Set("free", true));
        db["members"].Change(booking["member_id"], m => m.Set("booking_count", m.Int("booking_count") - 1));
        db["bookings"].Remove(bookingId);
        return booking;
    }

    // Events.

    [Write("Register a member for an event with one to four seats.", Changes = "registration event.places")]
    [
        Guard(nameof(PlacesLeft), Enforced = true),
        Guard(nameof(EventSuitsCard)),
        Guard(nameof(NotRegisteredYet), Enforced = true),
        Guard(nameof(LowFines)),
        Guard(nameof(CardValid))
    ]
    public Row RegisterForEvent([Is("member.member_id")] string memberId, [Is("event.event_id")] string eventId, [Range(1, 4)] int seats)
    {
        if (seats is < 1 or > 4)
            throw new ToolError("a registration has one to four seats");
        One("members", memberId, "member");
        var @event = One("events", eventId, "event");
        var registrationId = db.NewId("R");
        db["events"].Change(eventId, e => e.Set("places", e.Int("places") - seats));
        return db["registrations"]
            .Add(
                registrationId,
                ("registration_id", registrationId),
                ("member_id", memberId),
                ("event_id", eventId),
                ("event", @event["name"]),
                ("date", @event["date"]),
                ("seats", seats),
                ("fee", @event.Money("fee") * seats),
                ("registered_on", Iso(db.Today))
            );
    }

    [Write("Cancel a registration for an event.", Changes = "registration event.places")]
    [Guard(nameof(InGoodTime))]
    public Row CancelRegistration([Is("registration.registration_id")] string registrationId)
    {
        var registration = One("registrations", registrationId, "registration");
        db["events"].Change(registration["event_id"], e => e.Set("places", e.Int("places") + registration.Int("seats")));
        db["registrations"].Remove(registrationId);
        return registration;
    }

    // The account.

    [Write("Change a member's email address.", Changes = "member.email")]
    [Guard(nameof(NotFlagged))]
    public Row ChangeEmail([Is("member.member_id")] string memberId, [Is("member.email")] string email)
    {
        if (email.IndexOf('@') < 1)
            throw new ToolError($"{email} is no email address");
        One("members", memberId, "member");
        return db["members"].Change(memberId, m => m.Set("email", email));
    }

    [Write("Change a member's postal address.", Changes = "member.address.street member.address.city member.address.zip")]
    [Guard(nameof(NotFlagged))]
    public Row ChangeAddress(
        [Is("member.member_id")] string memberId,
        [Is("member.address.street"), About("House number and street")] string street,
        [Is("member.address.city")] string city,
        [Is("member.address.zip")] string zip
    )
    {
        One("members", memberId, "member");
        return db["members"]
            .Change(memberId, m => m.SetIn(street, "address", "street").SetIn(city, "address", "city").SetIn(zip, "address", "zip"));
    }

    [Write("Renew a member's card for one year from its expiry, or from today where it has expired.", Changes = "member.expires")]
    [Guard(nameof(CardNearlyDone)), Guard(nameof(NothingOwed)), Guard(nameof(NotFlagged))]
    public Row RenewCard([Is("member.member_id")] string memberId)
    {
        One("members", memberId, "member");
        return db["members"]
            .Change(memberId, m => m.Set("expires", (m.Date("expires") > db.Today ? m.Date("expires") : db.Today).AddYears(1)));
    }

    [Transfer("Hand the conversation over to a librarian. Only if no other tool can serve the request.")]
    public string TransferToLibrarian([About("What the member wants, in one sentence")] string summary) =>
        string.IsNullOrWhiteSpace(summary)
            ? throw new ToolError("a summary is needed")
            : "The conversation has been handed over to a librarian.";

    // Guards: the clauses of policy.md.

    [Clause("3.1")]
    public static bool LowFines(Db db, Row member) => member.Money("fines_due") < db.Parameters.Money("fine_limit");

    [Clause("3.2")]
    public static bool CardValid(Db db, Row member) => member.Date("expires") >= db.Today;

    [Clause("3.3")]
    public static bool NotFlagged(Row member) => !member.Flag("blocked");

    [Clause("4.1")]
    public static bool NobodyWaits(Row title) => title.Int("waiting") == 0;

    [Clause("4.2")]
    public static bool UnderMostRenewals(Db db, Row loan) => loan.Int("renewals") < db.Parameters.Int("max_renewals");

    [Clause("4.3")]
    public static bool OneWeekForFilms(Row loan, int weeks) => loan.Text("format") != "dvd" || weeks == 1;

    [Clause("4.5")]
    public static bool NotLongOverdue(Db db, Row loan) => loan.Date("due").AddDays(db.Parameters.Int("overdue_days")) >= db.Today;

    [Clause("4.6")]
    public static bool OverdueBeforeLost(Db db, Row loan) => loan.Date("due") < db.Today;

    [Clause("4.7")]
    public static bool StillOut(Row loan) => loan.Text("state") == "out";

    [Clause("5.1")]
    public static bool UnderMostHolds(Db db, Row member) => member.Int("hold_count") < db.Parameters.Int("max_holds");

    [Clause("5.2")]
    public static bool NotOnShelf(Row title) => title.Int("on_shelf") == 0;

    [Clause("5.3")]
    public static bool Lendable(Row title) => !title.Flag("reference");

    [Clause("5.4")]
    public static bool TitleSuitsCard(Row member, Row title) => member.Text("category") != "junior" || !title.Flag("adult");

    [Clause("5.5")]
    public static bool NotHeldAlready(Db db, Row member, Row title) =>
        !db["holds"].Having("member_id", member["member_id"]).Any(h => h["title_id"] == title["title_id"])
        && !db["loans"].Having("member_id", member["member_id"]).Any(l => l["title_id"] == title["title_id"]);

    [Clause("5.6")]
    public static bool NotInTransit(Row hold) => hold.Text("state") != "in_transit";

    [Clause("5.7")]
    public static bool NotReadyYet(Row hold) => hold.Text("state") != "ready";

    [Clause("5.8")]
    public static bool BranchIsOpen(Row branch) => branch.Flag("open");

    [Clause("6.1")]
    public static bool FineIsOpen(Row fine) => fine.Text("state") == "open";

    [Clause("6.2")]
    public static bool CreditCovers(Row member, Row fine, string method) =>
        method != "credit" || member.Money("credit") >= fine.Money("amount");

    [Clause("6.3")]
    public static bool FineIsRecent(Db db, Row fine) => fine.Date("date").AddDays(db.Parameters.Int("dispute_days")) >= db.Today;

    [Clause("6.4")]
    public static bool FineIsForLateReturn(Row fine) => fine.Text("kind") == "overdue";

    [Clause("7.1")]
    public static bool SlotIsFree(Row slot) => slot.Flag("free");

    [Clause("7.2")]
    public static bool RoomSeatsGroup(Row slot, int people) => people <= slot.Int("seats");

    [Clause("7.2")]
    public static bool SlotSeatsBooking(Row booking, Row slot) => booking.Int("people") <= slot.Int("seats");

    [Clause("7.3")]
    public static bool UnderMostBookings(Db db, Row member) => member.Int("booking_count") < db.Parameters.Int("max_bookings");

    [Clause("7.4")]
    public static bool NotTooFarAhead(Db db, Row slot) => slot.Date("date") <= db.Today.AddDays(db.Parameters.Int("booking_days"));

    [Clause("7.5")]
    public static bool NotOnTheDay(Db db, Row booking) => booking.Date("date") > db.Today;

    [Clause("7.6")]
    public static bool NoJuniorCard(Row member) => member.Text("category") != "junior";

    [Clause("8.1")]
    public static bool PlacesLeft(Row @event, int seats) => seats <= @event.Int("places");

    [Clause("8.2")]
    public static bool EventSuitsCard(Row member, Row @event) => member.Text("category") != "junior" || @event.Text("audience") != "adults";

    [Clause("8.3")]
    public static bool NotRegisteredYet(Db db, Row member, Row @event) =>
        !db["registrations"].Having("member_id", member["member_id"]).Any(r => r["event_id"] == @event["event_id"]);

    [Clause("8.4")]
    public static bool InGoodTime(Db db, Row registration) =>
        registration.Date("date") >= db.Today.AddDays(db.Parameters.Int("cancel_days"));

    [Clause("9.1")]
    public static bool CardNearlyDone(Db db, Row member) => member.Date("expires") <= db.Today.AddDays(db.Parameters.Int("card_days"));

    [Clause("9.2")]
    public static bool NothingOwed(Row member) => member.Money("fines_due") == 0m;

    private IEnumerable<Row> Of(string table, string memberId)
    {
        One("members", memberId, "member");
        return db[table].Having("member_id", memberId);
    }

    private Row Title(string titleId) => One("titles", titleId, "title");

    private Row Branch(string branchId) => One("branches", branchId, "branch");

    private Row One(string table, string key, string what) => db[table].Find(key) ?? throw new ToolError($"there is no {what} {key}");

    private static IEnumerable<Row> Some(IEnumerable<Row> rows, string orElse)
    {
        var list = rows.ToList();
        return list.Count > 0 ? list : throw new ToolError(orElse);
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
