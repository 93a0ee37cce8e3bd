using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Sampling;

public sealed class FormulaTests
{
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/library")));

    private static FormulaScope Scope()
    {
        var pack = Loaded.Value;
        var who = pack.Domain.Entity(pack.Domain.Who);
        var owner = pack.Base["members"].Rows.First(m => pack.Base["loans"].Rows.Count(l => l["member_id"] == m.Key) > 1);
        return new()
        {
            Pack = pack,
            Db = pack.View([]),
            Owner = new(who, owner, null),
            Slots = new Dictionary<string, EntityRow>(),
            Entries = new Dictionary<string, JsonMap>(),
        };
    }

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 / 4 - 0.5", 2)]
    public void Arithmetic_keeps_the_usual_order(string formula, double value) =>
        FormulaParser.Parse(formula).Evaluate(Scope()).Number.Should().Be(value);

    [Theory]
    [InlineData("1 < 2 and not 2 < 1", true)]
    [InlineData("'2031-03-04' >= today or false", true)]
    [InlineData("1 = 1.0 and 'a' != 'b'", true)]
    [InlineData("2 < 1 or 1 >= 2", false)]
    public void Comparisons_join_with_and_or_and_not(string formula, bool value) =>
        FormulaParser.Parse(formula).Holds(Scope()).Should().Be(value);

    [Fact]
    public void Aggregates_run_over_the_rows_of_the_owner()
    {
        var scope = Scope();
        var loans = Loaded.Value.Base["loans"].Rows.Where(l => l["member_id"] == scope.Owner.Key).ToArray();

        FormulaParser.Parse("count(loan)").Evaluate(scope).Should().Be((Json)loans.Length);
        FormulaParser.Parse("min(loan.due)").Evaluate(scope).Text.Should().Be(loans.Min(l => l.Text("due")));
        FormulaParser.Parse("count(loan where renewals > 100)").Evaluate(scope).Should().Be((Json)0);
        FormulaParser.Parse("sum(loan.renewals)").Evaluate(scope).Number.Should().Be(loans.Sum(l => l.Int("renewals")));
    }

    [Theory]
    [InlineData("1 +", "ends too early")]
    [InlineData("min(loan)", "wants entity.field")]
    [InlineData("median(loan.due)", "no function median")]
    [InlineData("1 2", "too much")]
    [InlineData("a # b", "makes no sense")]
    public void What_is_no_formula_is_refused_with_its_reason(string formula, string reason) =>
        FluentActions.Invoking(() => FormulaParser.Parse(formula)).Should().Throw<FormatException>().WithMessage($"*{reason}*");
}
