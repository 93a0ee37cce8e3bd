using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Loans;

public static class Data
{
    public static void Make(DataMaker make)
    {
        Member(make, "M1", "20000001", "Ames", 4.50);
        Member(make, "M2", "20000002", "Boyd", 12.00);
        Loan(make, "L1001", "M1", "Dune", "2031-03-10", false, 0);
        Loan(make, "L1002", "M1", "Emma", "2031-03-01", true, 0);
        Loan(make, "L1003", "M1", "Ulysses", "2031-03-12", false, 2);
        Loan(make, "L2001", "M2", "Walden", "2031-03-20", false, 0);
        make.Add("titles", "T501", Json.Map(("title_id", "T501"), ("name", "Middlemarch"), ("price", 18.40)));
        make.Add("titles", "T502", Json.Map(("title_id", "T502"), ("name", "Persuasion"), ("price", 7.15)));
    }

    private static void Member(DataMaker make, string id, string card, string surname, double fines) =>
        make.Add(
            "members",
            id,
            Json.Map(("member_id", id), ("card_no", card), ("surname", surname), ("pin", "77" + card), ("fines", fines))
        );

    private static void Loan(DataMaker make, string id, string member, string title, string due, bool reserved, int renewals) =>
        make.Add(
            "loans",
            id,
            Json.Map(
                ("loan_id", id),
                ("member_id", member),
                ("title", title),
                ("due", due),
                ("renewals", renewals),
                ("reserved", reserved),
                ("branch", "")
            )
        );
}
