using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Acceptance;

/// <summary>A small acceptable pack in its own folder, into which a test can plant an error.</summary>
internal sealed class TinyPack : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiny-pack-");

    public TinyPack()
    {
        foreach (var (name, text) in Files)
            File.WriteAllText(PathOf(name), text);
    }

    public string Folder => _folder.FullName;

    /// <summary>Replaces a text; the file must contain it exactly once.</summary>
    public TinyPack With(string file, string old, string planted)
    {
        var text = File.ReadAllText(PathOf(file));
        text.Split(old).Should().HaveCount(2, $"\"{old}\" must be in {file} once");
        File.WriteAllText(PathOf(file), text.Replace(old, planted, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Writes a whole file and creates its folders.</summary>
    public TinyPack Put(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
        return this;
    }

    public TinyPack Without(string file)
    {
        File.Delete(PathOf(file));
        return this;
    }

    /// <summary>The line of the file, from 1, that contains the text.</summary>
    public int LineOf(string file, string text) =>
        Array.FindIndex(File.ReadAllLines(PathOf(file)), l => l.Contains(text, StringComparison.Ordinal)) + 1;

    public AcceptanceReport Accept(Func<Pack, IEnumerable<PackDiagnostic>>? intents = null) => PackAcceptance.Run(Folder, null, intents);

    public Pack Load() => PackLoading.Load(Folder);

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(Folder, file);

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["domain.yaml"] = """
            domain: tiny
            clock: 2031-03-04T10:00:00Z
            identity: { who: member, tool: find_member, proves: [card_no, surname] }
            entities:
              member:
                table: members
                key: member_id
                fields: { member_id: id, card_no: { type: id, human: knows }, surname: { type: name, human: knows }, fines: money }
              loan:
                table: loans
                key: loan_id
                owner: member_id
                told_by: [title, due]
                fields:
                  { loan_id: id, member_id: { ref: member }, title: { type: text, human: knows }, due: date,
                    renewals: count, reserved: flag }
            acts:
              renew_loan:
                verbs: [renew, extend]
                object: loan.title
                tell: [loan.title, weeks]
                ask: ["{verb} {loan} for {weeks|week}"]
                done: ["{loan.title} is now due on {loan.due}"]
            because:
              "3.1": [another reader has reserved it]
              "3.2": [it has been renewed twice already]
              "3.3": [the fines are too high]
            """,
        ["Tools.cs"] = """
            using System;
            using System.Collections.Generic;
            using System.Linq;
            using ConvoSynth.Core;
            using ConvoSynth.Domains;

            namespace ConvoSynth.Packs.Tiny;

            public sealed class Tiny(Db db)
            {
                [Read("Find a member by card number and surname.", Reveals = "member")]
                public Row FindMember([Is("member.card_no")] string cardNo, [Is("member.surname")] string surname) =>
                    db["members"].Only("card_no", cardNo, m => m.Text("surname") == surname, "no such member");

                [Read("List a member's loans.", Reveals = "loan")]
                public IEnumerable<Row> GetLoans([Is("member.member_id")] string memberId)
                {
                    if (db["members"].Find(memberId) is null) throw new ToolError("no such member");
                    return db["loans"].Having("member_id", memberId);
                }

                [Write("Renew a loan for one to three weeks.", Changes = "loan.due loan.renewals")]
                [Guard(nameof(NobodyWaits)), Guard(nameof(UnderTwoRenewals)), Guard(nameof(LowFines), Enforced = true)]
                public Row RenewLoan([Is("loan.loan_id")] string loanId, [Range(1, 3)] int weeks)
                {
                    if (weeks > 3) throw new ToolError("three weeks at most");
                    return db["loans"]
                        .Change(loanId, l => l.Set("due", l.Date("due").AddDays(7 * weeks)).Set("renewals", l.Int("renewals") + 1));
                }

                [Clause("3.1")] public static bool NobodyWaits(Row loan) => !loan.Flag("reserved");

                [Clause("3.2")] public static bool UnderTwoRenewals(Row loan) => loan.Int("renewals") < 2;

                [Clause("3.3")] public static bool LowFines(Row member) => member.Money("fines") < 10m;
            }
            """,
        ["policy.md"] = """
            # Tiny
            1.1 Find the member by card number and surname first.
            2.1 State title and weeks and wait for a clear yes.
            3.1 No renewal of a reserved title. 3.2 At most two renewals.
            3.3 No renewal with 10.00 or more in fines.
            """,
        ["rules.yaml"] = """
            - { clause: "1.1", rule: identify, before: [reveal loan, write] }
            - { clause: "2.1", rule: confirm, before: write, details: [loan.title, weeks], yes: covers_listed }
            - { clause: "3.1", rule: guarded, broken: refuse }
            - { clause: "3.2", rule: guarded, broken: refuse }
            - { clause: "3.3", rule: guarded, broken: refuse }
            """,
        ["intents.yaml"] = """
            - { id: renew, reason: [you have not finished reading], rows: { a: loan },
                goal: [ { do: renew_loan, with: { loan_id: a, weeks: any } } ] }
            """,
        ["personas.yaml"] = """
            - { name: plain, manner: matter-of-fact }
            """,
        ["titles.txt"] = "Salt\nFlour\n\nYeast\nWater\nHoney\nMalt\nRye\n",
        ["data.yaml"] = """
            members: { count: 60, member_id: "M{n:4}", card_no: digits(8), surname: surname, fines: money(0..25; zero=60%) }
            loans:
              per: members
              count: 0..4
              distinct: [title]
              loan_id: "L{n:5}"
              title: pick(titles.txt)
              due: day(-21..21)
              renewals: int(0..3)
              reserved: 20%
            ensure:
              each_guard: { holds: 10, broken: 10 }
            """,
        ["cases.yaml"] = """
            - { given: { loans: { L00001: { reserved: true, renewals: 0 } }, members: { M0001: { fines: 0 } } },
                call: renew_loan, with: { loan_id: L00001, weeks: 2 }, breaks: "3.1" }
            - given: { members: { MX: { member_id: MX, card_no: "1", surname: Ng, fines: 9.99 } },
                loans: { LX: { loan_id: LX, member_id: MX, title: Salt, due: 2031-03-05, renewals: 1, reserved: false } } }
              call: renew_loan
              with: { loan_id: LX, weeks: 2 }
              gives: { due: 2031-03-19, renewals: 2 }
            """,
    };
}
