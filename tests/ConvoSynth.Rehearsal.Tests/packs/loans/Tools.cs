using System;
using System.Collections.Generic;
using System.Linq;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Loans;

public sealed class Library(Db db)
{
    [Read("Find a member by card number and surname.", Reveals = "member")]
    public Row FindMember([Is("member.card_no")] string cardNo, [Is("member.surname")] string surname) =>
        db["members"]
            .Only("card_no", cardNo, m => string.Equals(m.Text("surname"), surname, StringComparison.OrdinalIgnoreCase), "no such member");

    [Read("List a member's loans.", Reveals = "loan")]
    public IEnumerable<Row> GetLoans([Is("member.member_id")] string memberId) => db["loans"].Having("member_id", memberId);

    [Read("List a member's holds.", Reveals = "hold")]
    public IEnumerable<Row> GetHolds([Is("member.member_id")] string memberId) => db["holds"].Having("member_id", memberId);

    [Read("Get one loan.", Reveals = "loan")]
    public Row GetLoan([Is("loan.loan_id")] string loanId) => db["loans"][loanId];

    [Write("Renew a loan for one to three weeks.", Changes = "loan.due loan.renewals")]
    [Guard(nameof(NobodyWaits)), Guard(nameof(UnderTwoRenewals)), Guard(nameof(LowFines), Enforced = true)]
    public Row RenewLoan([Is("loan.loan_id")] string loanId, [Range(1, 3)] int weeks) =>
        db["loans"].Change(loanId, l => l.Set("due", l.Date("due").AddDays(7 * weeks)).Set("renewals", l.Int("renewals") + 1));

    [Write("Put a title on hold.", Changes = "hold")]
    public Row PlaceHold([Is("member.member_id")] string memberId, string title)
    {
        var id = db.NewId("H");
        return db["holds"].Add(id, ("hold_id", id), ("member_id", memberId), ("title", title));
    }

    [Write("Cancel a hold.", Changes = "hold")]
    public string CancelHold([Is("hold.hold_id")] string holdId)
    {
        db["holds"].Remove(holdId);
        return "cancelled";
    }

    [Clause("3.1")]
    public static bool NobodyWaits(Db db, Row loan) => !loan.Flag("reserved");

    [Clause("3.2")]
    public static bool UnderTwoRenewals(Db db, Row loan) => loan.Int("renewals") < 2;

    [Clause("3.3")]
    public static bool LowFines(Db db, Row loan) => db["members"][loan["member_id"]].Money("fines") < 10m;
}
