using ConvoSynth.Export.Privacy;

namespace ConvoSynth.Export.Tests;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("Write to anna.müller+shop@mail.de, please.", "e-mail address")]
    [InlineData("Call me on +49 170 1234567.", "phone number")]
    [InlineData("It is (415) 867-5309 at home", "phone number")]
    [InlineData("020 7946 0018", "phone number")]
    [InlineData("card 4111 1111 1111 1111, exp 12/30", "payment card number")]
    [InlineData("378282246310005", "payment card number")]
    [InlineData("IBAN DE89 3704 0044 0532 0130 00.", "IBAN")]
    [InlineData("GB82WEST12345698765432", "IBAN")]
    [InlineData("from 8.8.8.8", "IP address")]
    [InlineData("at 2a00:1450:4001:82f::200e", "IP address")]
    [InlineData("my ssn: 078-05-1120", "United States social security number")]
    [InlineData("DNI 12345678Z", "Spanish identity number")]
    [InlineData("X1234567L", "Spanish identity number")]
    [InlineData("2 55 08 14 168 025 38", "French social security number")]
    [InlineData("CPF 529.982.247-25", "Brazilian tax number")]
    [InlineData("NI is AB 12 34 56 C", "British national insurance number")]
    public void What_belongs_to_a_person_is_found_whatever_stands_around_it(string text, string kind) =>
        PersonalScan.Of(text).Select(v => v.Kind).Should().Equal(kind);

    [Theory]
    [InlineData("bruno.rosenthal8078@post.example")]
    [InlineData("someone@example.com")]
    [InlineData("On 2031-05-12 at 15:00, or 12-05-2031, 08-12-2031")]
    [InlineData("order #W2378156, item 2668050036, card_1234567")]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("9780306406157")]
    [InlineData("DE89 3704 0044 0532 0130 01")]
    [InlineData("127.0.0.1, 192.168.1.20, 10.0.0.3, 203.0.113.7, ::1, 2001:db8::1")]
    [InlineData("12345678A")]
    [InlineData("529.982.247-26")]
    [InlineData("(415) 555-0134")]
    [InlineData("clause 1.2.3, $1,234,567.89, 10:30:00")]
    public void What_only_looks_like_it_is_not(string text) => PersonalScan.Of(text).Should().BeEmpty();

    [Fact]
    public void Values_of_the_world_are_counted_apart_and_the_others_name_their_row_without_giving_the_value_away()
    {
        var row = Talk.Begin()
            .User("I am anna@mail.de, my phone is +49 170 1234567.")
            .Call("""{"id":"ANNA@mail.de","deep":["otto@mail.de"]}""")
            .Agent("Found.")
            .Row(0);
        var tally = new PersonalTally((_, value) => value.Value == "anna@mail.de");

        tally.Reason(row).Should().Be("personal data: phone number");
        tally.Reason(Talk.Begin().User("Hello.").Agent("Hi.").Row(1)).Should().BeNull();

        tally
            .Report.Kinds.Should()
            .BeEquivalentTo(new Dictionary<string, PersonalCount> { ["e-mail address"] = new(2, 1, 1), ["phone number"] = new(0, 1, 1) });
        tally
            .Report.Findings.Should()
            .Equal(new(row.Id, 1, "phone number", "+4…7"), new PersonalFinding(row.Id, 2, "e-mail address", "ot…e"));
    }

    [Fact]
    public void The_policy_is_not_looked_at()
    {
        var row = new Talk().Add("""{"role":"system","content":"Write to help@shop.de."}""", false).User("Hello.").Agent("Hi.").Row(0);

        new PersonalTally((_, _) => false).Reason(row).Should().BeNull();
    }
}
