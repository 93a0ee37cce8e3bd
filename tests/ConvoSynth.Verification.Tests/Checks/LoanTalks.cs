namespace ConvoSynth.Verification.Tests;

/// <summary>Dialogues that the tests vary.</summary>
internal static class LoanTalks
{
    public static Talk New() => new(TestPacks.Loans);

    /// <summary>Messages 0-4: the human asks for Dune, the agent asks for the card and finds the member.</summary>
    public static Talk Identified(this Talk talk) =>
        talk.Human("Hi, I would like to renew Dune for 2 weeks.")
            .Agent("Gladly. What are your card number and surname?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"));

    /// <summary>Messages 5-6: the agent states the change and gets a yes.</summary>
    public static Talk Confirmed(this Talk talk, string question = "Shall I renew Dune for 2 weeks?") =>
        talk.Agent(question).Human("Yes, please.");

    public static Talk Renewed(this Talk talk, string loan = "L1001", int weeks = 2) =>
        talk.Call("renew_loan", ("loan_id", loan), ("weeks", weeks));

    public static Talk Reported(this Talk talk) => talk.Agent("Dune is renewed and now due on March 24, 2031.");

    /// <summary>Eleven messages; the write is message 7.</summary>
    public static Talk Clean() => New().Identified().Confirmed().Renewed().Reported().Stop();
}
