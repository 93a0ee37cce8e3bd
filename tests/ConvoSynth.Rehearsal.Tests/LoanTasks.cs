using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Blueprints over the small pack, made by hand; their gold calls are executed here.</summary>
internal static class LoanTasks
{
    public static Pack Pack { get; } = PackLoading.Load(Path.Combine(AppContext.BaseDirectory, "packs", "loans"));

    private static readonly (string Tool, Json Arguments) Ashby = ("find_member", Json.Map(("card_no", "20317744"), ("surname", "Ashby")));
    private static readonly (string Tool, Json Arguments) Okafor = (
        "find_member",
        Json.Map(("card_no", "58210093"), ("surname", "Okafor"))
    );
    private static readonly (string Tool, Json Arguments) AshbysLoans = ("get_loans", Json.Map(("member_id", "M1")));

    public static Blueprint Renew { get; } =
        Make("renew", Facts("20317744", "Ashby", Disclosure.WhenAsked), [Ashby, AshbysLoans, Renewal("L11", 2)], RenewDune(0, 3));

    /// <summary>The same task; the human says little until asked.</summary>
    public static Blueprint RenewAskedFor { get; } =
        Make(
            "renew-asked-for",
            [
                .. Facts("20317744", "Ashby", Disclosure.Volunteer),
                Title("a", "Dune", Disclosure.WhenAsked),
                Weeks("1", 2, Disclosure.WhenAsked),
            ],
            [Ashby, AshbysLoans, Renewal("L11", 2)],
            RenewDune(0, 3)
        );

    public static Blueprint RenewBoth { get; } =
        Make(
            "renew-both",
            [.. Facts("20317744", "Ashby", Disclosure.WhenAsked), Title("b", "Emma"), Weeks("2", 1)],
            [Ashby, AshbysLoans, Renewal("L11", 2), Renewal("L12", 1)],
            RenewDune(0, 3),
            RenewEmma(3, 1)
        );

    /// <summary>Solaris is reserved, so the second choice is the right one; the task also has a question.</summary>
    public static Blueprint RenewOther { get; } =
        Make(
            "renew-or-other",
            [.. Facts("20317744", "Ashby", Disclosure.WhenAsked, dune: false), Title("a", "Solaris"), Title("b", "Emma")],
            [Ashby, AshbysLoans, Renewal("L12", 1)],
            RenewEmma(0, 3) with
            {
                Slots = ["a.title", "b.title"],
                Alternatives =
                [
                    new("if that is possible", "renew Solaris for 2 weeks", false),
                    new("otherwise", "renew Emma for 1 week", true),
                ],
                Because = ["another reader has reserved it", "somebody else is waiting for it"],
            },
            new()
            {
                Kind = RequestKind.Tell,
                Words = "the earliest due date of all your loans",
                Brief = "the earliest due date of all your loans",
                Done = ["the earliest due date of all your loans is March 2, 2031", "it is March 2, 2031"],
                FirstAction = 3,
                ActionCount = 0,
                Outputs = [0],
            }
        ) with
        {
            Outputs = [new("earliest", "date", "2031-03-02", ["2031-03-02"], 1, "the earliest due date of all your loans")],
        };

    public static Blueprint IfOverdue { get; } =
        Make(
            "if-overdue",
            [.. Facts("20317744", "Ashby", Disclosure.WhenAsked), Title("b", "Emma")],
            [Ashby, AshbysLoans, Renewal("L11", 2)],
            RenewDune(0, 3) with
            {
                Slots = ["a.title", "1.weeks", "b.title"],
                Alternatives =
                [
                    new("if Dune is overdue", "renew Dune for 2 weeks", true),
                    new("otherwise", "renew Emma for 1 week", false),
                ],
            }
        );

    /// <summary>The book is reserved: an agent could renew it, and must not.</summary>
    public static Blueprint Reserved { get; } =
        Make(
            "reserved",
            [.. Facts("20317744", "Ashby", Disclosure.WhenAsked, dune: false), Title("a", "Solaris"), Weeks("1", 2)],
            [Ashby, AshbysLoans],
            new Request
            {
                Kind = RequestKind.Refuse,
                Tool = "renew_loan",
                Words = "renew Solaris for 2 weeks",
                Brief = "renew a loan",
                Slots = ["a.title", "1.weeks"],
                Because = ["another reader has reserved it", "somebody else is waiting for it"],
                FirstAction = 0,
                ActionCount = 2,
                Refusals = [0],
            }
        ) with
        {
            Refusals = [new("renew_loan", Renewal("L13", 2).Arguments, "3.1", "another reader has reserved it", 1)],
        };

    /// <summary>The member has fines: the tool itself refuses.</summary>
    public static Blueprint Fined { get; } =
        Make(
            "fined",
            [.. Facts("58210093", "Okafor", Disclosure.WhenAsked, dune: false), Title("a", "Kim"), Weeks("1", 2)],
            [Okafor, ("get_loans", Json.Map(("member_id", "M2")))],
            new Request
            {
                Kind = RequestKind.Refuse,
                Tool = "renew_loan",
                Words = "renew Kim for 2 weeks",
                Brief = "renew a loan",
                Slots = ["a.title", "1.weeks"],
                Because = ["there are fines of 10.00 or more on the account"],
                FirstAction = 0,
                ActionCount = 2,
                Refusals = [0],
            }
        ) with
        {
            Refusals = [new("renew_loan", Renewal("L22", 2).Arguments, "3.3", "there are fines of 10.00 or more on the account", 0)],
        };

    public static Blueprint Hold { get; } =
        Make(
            "hold",
            [.. Facts("20317744", "Ashby", Disclosure.Volunteer, dune: false), Title("1", "Persuasion")],
            [Ashby, ("place_hold", Json.Map(("member_id", "M1"), ("title", "Persuasion")))],
            new Request
            {
                Kind = RequestKind.Do,
                Tool = "place_hold",
                Words = "reserve Persuasion",
                Brief = "reserve a book",
                Slots = ["1.title"],
                Confirm = ["title: Persuasion"],
                Done = ["Persuasion is reserved for you"],
                FirstAction = 0,
                ActionCount = 2,
            }
        );

    public static ImmutableArray<Blueprint> All { get; } = [Renew, RenewAskedFor, RenewBoth, RenewOther, IfOverdue, Reserved, Fined, Hold];

    public static Blueprint With(this Blueprint blueprint, Persona persona) => blueprint with { Persona = persona };

    private static Request RenewDune(int first, int count) =>
        new()
        {
            Kind = RequestKind.Do,
            Tool = "renew_loan",
            Words = "renew Dune for 2 weeks",
            Brief = "renew a loan",
            Slots = ["a.title", "1.weeks"],
            Confirm = ["title: Dune", "weeks: 2 weeks"],
            Done =
            [
                "Dune is renewed and now due on March 16, 2031",
                "the new due date of Dune is March 16, 2031",
                "Dune is renewed for 2 weeks",
            ],
            FirstAction = first,
            ActionCount = count,
        };

    private static Request RenewEmma(int first, int count) =>
        new()
        {
            Kind = RequestKind.Do,
            Tool = "renew_loan",
            Words = "renew Emma for 1 week",
            Brief = "renew a loan",
            Slots = ["b.title", "2.weeks"],
            Confirm = ["title: Emma", "weeks: 1 week"],
            Done = ["Emma is renewed and now due on March 16, 2031"],
            FirstAction = first,
            ActionCount = count,
        };

    private static (string Tool, Json Arguments) Renewal(string loan, int weeks) =>
        ("renew_loan", Json.Map(("loan_id", loan), ("weeks", weeks)));

    private static Fact Title(string slot, string title, Disclosure disclosure = Disclosure.Volunteer) =>
        new($"{slot}.title", title, "text", "title", title, disclosure);

    private static Fact Weeks(string slot, int weeks, Disclosure disclosure = Disclosure.Volunteer) =>
        new($"{slot}.weeks", weeks, "count", "weeks", $"{weeks}", disclosure);

    private static Fact[] Facts(string card, string surname, Disclosure disclosure, bool dune = true) =>
        [
            new("member.card_no", card, "id", "card number", card, disclosure),
            new("member.surname", surname, "name", "surname", surname, disclosure),
            new("member.secret", "hush-4711", "text", "staff note", "hush-4711", Disclosure.Never),
            .. dune && disclosure == Disclosure.WhenAsked ? new[] { Title("a", "Dune"), Weeks("1", 2) } : [],
        ];

    private static Blueprint Make(string id, Fact[] facts, (string Tool, Json Arguments)[] calls, params Request[] requests)
    {
        var environment = new DialogueEnvironment(Pack);
        var actions = calls
            .Select(c =>
            {
                var tool = Pack.Tools.Find(c.Tool)!;
                var result = environment.Call(tool, c.Arguments);
                if (result.IsError)
                    throw new InvalidOperationException($"{id}: {result.Text}");
                return new GoldAction
                {
                    Tool = c.Tool,
                    Arguments = c.Arguments,
                    Writes = tool.Writes,
                    Observation = result.Text,
                };
            })
            .ToImmutableArray();
        var writes = actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments)).ToImmutableArray();
        var scenario = new Scenario
        {
            Reason = "you are still in the middle of a book",
            Facts = [.. facts],
            Unknowns = ["loan number"],
            Requests = [.. requests],
            StopWhen = "what you asked for has been done, answered or refused",
        };
        return new()
        {
            Id = id,
            Domain = Pack.Name,
            PackHash = Pack.Hash,
            Index = 0,
            Seed = "0",
            Intent = id,
            Shape = "plain",
            FamilyId = id,
            Persona = Pack.Personas[^1],
            Scenario = scenario,
            Instruction = InstructionWriter.Write(scenario, Pack.Personas[0], new(1)),
            Actions = actions,
            AcceptedEndStates = [new("gold", Pack.Canon.Canonical(environment.Diff()), writes)],
            AvailableTools = [.. Pack.Tools.All.Select(t => t.Name)],
        };
    }
}
