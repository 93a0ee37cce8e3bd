using System;
using System.Collections.Generic;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Loans;

public sealed class Loans(Db db)
{
    [Read("Find a member, with loans, by card number and surname.", Reveals = "member loan")]
    public Row FindMember([Is("member.card_no")] string cardNo, [Is("member.surname")] string surname) =>
        db["members"]
            .Only("card_no", cardNo, m => m["surname"] == (Json)surname, orElse: "no such member")
            .With(db["loans"], by: "member_id");

    [Read("Show a loan.", Reveals = "loan")]
    public Row GetLoan([Is("loan.loan_id")] string loanId) => db["loans"][loanId];

    [Read("Show a title.", Reveals = "title")]
    public Row GetTitle([Is("title.title_id")] string titleId) => db["titles"][titleId];

    [Read("List the titles.", Reveals = "title.title_id title.name")]
    public IEnumerable<Row> ListTitles() => db["titles"].Rows;

    [Read("Add two amounts.")]
    public string Add(decimal a, decimal b) => (a + b).ToString();

    [Write("Renew a loan for one to three weeks.", Changes = "loan.due loan.renewals")]
    [Guard(nameof(NobodyWaits)), Guard(nameof(UnderTwoRenewals), Enforced = true), Guard(nameof(LowFines), Enforced = true)]
    public Row RenewLoan([Is("loan.loan_id")] string loanId, [Range(1, 3)] int weeks) =>
        db["loans"].Change(loanId, l => l.Set("due", l.Date("due").AddDays(7 * weeks)).Set("renewals", l.Int("renewals") + 1));

    [Write("Place a hold.", Changes = "hold")]
    public Row PlaceHold(
        [Is("title.title_id")] string titleId,
        [Is("hold.member_id")] string memberId,
        [Is("hold.until")] string until,
        string note = ""
    )
    {
        var id = db.NewId("H");
        return db["holds"].Add(id, ("hold_id", id), ("member_id", memberId), ("title_id", titleId), ("until", until), ("note", note));
    }

    [Write("Pay towards a fine.", Changes = "member.fines")]
    public Row PayFine([Is("member.member_id")] string memberId, [Is("member.fines")] double amount) =>
        db["members"].Change(memberId, m => m.Set("fines", Math.Round(m.Number("fines") - amount, 2)));

    [Write("Send loans back to branches.", Changes = "loan.branch")]
    public IEnumerable<Row> SendBack([Is("loan.loan_id")] string[] loanIds, string[] branches)
    {
        var rows = new List<Row>();
        for (var i = 0; i < loanIds.Length; i++)
        {
            var branch = branches[i];
            rows.Add(db["loans"].Change(loanIds[i], l => l.Set("branch", branch)));
        }

        return rows;
    }

    [Transfer("Hand over to staff.")]
    public string TransferToStaff(string summary) => "transferred";

    [Clause("3.1")]
    public static bool NobodyWaits(Row loan) => !loan.Flag("reserved");

    [Clause("3.2")]
    public static bool UnderTwoRenewals(Row loan) => loan.Int("renewals") < 2;

    [Clause("3.3")]
    public static bool LowFines(Db db, Row loan) => db["members"][loan["member_id"]].Money("fines") < 10m;
}
