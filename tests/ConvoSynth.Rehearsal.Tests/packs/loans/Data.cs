using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Loans;

public static class Data
{
    public static void Make(DataMaker make)
    {
        Member(make, "M1", "20317744", "Ashby", 0m);
        Member(make, "M2", "58210093", "Okafor", 14.5m);
        Loan(make, "L11", "M1", "Dune", "2031-03-02", 0, false);
        Loan(make, "L12", "M1", "Emma", "2031-03-09", 1, false);
        Loan(make, "L13", "M1", "Solaris", "2031-03-12", 0, true);
        Loan(make, "L21", "M2", "Middlemarch", "2031-03-06", 0, false);
        Loan(make, "L22", "M2", "Kim", "2031-03-20", 0, false);
    }

    private static void Member(DataMaker make, string id, string card, string surname, decimal fines) =>
        make.Add("members", id, Json.Map(("member_id", id), ("card_no", card), ("surname", surname), ("fines", fines)));

    private static void Loan(DataMaker make, string id, string member, string title, string due, int renewals, bool reserved) =>
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
                ("state", "out")
            )
        );
}
