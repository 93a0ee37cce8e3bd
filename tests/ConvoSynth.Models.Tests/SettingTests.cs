using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Tests;

/// <summary>Messages about wrong settings, before anything is sent.</summary>
public sealed class SettingTests
{
    private static readonly EndpointSpec Sound = Endpoints.Spec();

    public static TheoryData<EndpointSpec, string> Wrong =>
        new()
        {
            { Sound with { Name = "a b" }, "the endpoint name \"a b\" must be 1 to 100 letters, digits, '-', '_' or '.'" },
            { Sound with { Model = " " }, "names no model" },
            { Sound with { Url = null }, "has no `url`; give the server's address, such as http://localhost:8000/v1" },
            { Sound with { Url = "localhost:8000" }, "the url \"localhost:8000\" is no http or https address" },
            { Sound with { Url = "http://h/v1/chat/completions" }, "goes too far" },
            { Sound with { Url = "http://me:secret@h/v1" }, "its url must have no user, query or fragment" },
            {
                Sound with
                {
                    Provider = EndpointProvider.OpenAI,
                },
                "has no key; name its environment variable with `key_variable` or its file with `key_file`"
            },
            { Endpoints.Azure(null!), "has no `url`; give the Azure resource" },
            { Endpoints.Azure("https://r") with { Api = AzureApi.Deployments }, "needs an `api_version`, such as 2024-10-21" },
            {
                Endpoints.Azure("https://r") with
                {
                    Api = AzureApi.Deployments,
                    ApiVersion = "2024-10-21",
                    Protocol = EndpointProtocol.Responses,
                },
                "`api: deployments` speaks `protocol: chat` only"
            },
            {
                Endpoints.Azure("https://r") with
                {
                    ApiVersion = "2024-10-21",
                },
                "the api_version \"2024-10-21\" belongs to `api: deployments`"
            },
            { Endpoints.Azure("https://r") with { Entra = true }, "signs in by Entra ID and yet names \"AZURE_KEY\" for a key" },
            {
                Endpoints.Azure("http://r") with
                {
                    Entra = true,
                    KeyVariable = null,
                },
                "a sign-in by Entra ID needs https, and the url is \"http://r\""
            },
            { Sound with { Entra = true }, "`entra` is for azure-openai only" },
            { Sound with { KeyVariable = "A", KeyFile = "b" }, "names both the variable \"A\" and the file \"b\" for its key" },
            { Sound with { RequestsPerMinute = 0 }, "requests_per_minute is 0; it must be at least 1" },
            { Sound with { TokensPerMinute = -5 }, "tokens_per_minute is -5; it must be at least 1" },
            { Sound with { TokensPerMinute = 1000 }, "max_output_tokens is 2048, more than the 1000 of tokens_per_minute" },
            { Sound with { InFlight = 0 }, "in_flight is 0" },
            { Sound with { TimeoutSeconds = double.NaN }, "timeout_seconds is NaN; it must be from 1 to 3600" },
            { Sound with { Retries = 21 }, "retries is 21; it must be from 0 to 20" },
            { Sound with { MaxOutputTokens = 15 }, "max_output_tokens is 15; it must be from 16 to 1000000" },
            { Sound with { Temperature = 2.5 }, "temperature is 2.5; it must be from 0 to 2" },
            { Sound with { Price = new(-1, 1) }, "the price of input is -1; it cannot be negative" },
            { Sound with { Price = new(1, 1, -1) }, "the price of cached input is -1; it cannot be negative" },
            { Sound with { Price = new(1, 1, CacheWrite: -1) }, "the price of cache writes is -1; it cannot be negative" },
            { Sound with { Body = "x" }, "its body must be an object of extra fields, and is \"x\"" },
            { Sound with { Body = Json.Map(("stream", true)) }, "its body sets \"stream\"" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_named(EndpointSpec spec, string sentence) =>
        spec.Problem().Should().Contain(sentence).And.NotContain("secret");

    [Fact]
    public void Sound_ones_are_sound()
    {
        Sound.Problem().Should().BeNull();
        Endpoints.Azure("https://r").Problem().Should().BeNull();
        (Endpoints.Azure("https://r") with { KeyVariable = null, Entra = true, Api = AzureApi.Deployments, ApiVersion = "2024-10-21" })
            .Problem()
            .Should()
            .BeNull();
        Endpoints.Run(Sound).Problem().Should().BeNull();
        Endpoints.Keys.Problem([Sound]).Should().BeNull();
    }

    [Fact]
    public void Names_that_do_not_fit_together_are_named()
    {
        EndpointSpec A(string? fallback = null) => Sound with { Name = "a", Fallback = fallback };
        EndpointSpec B(string? fallback = null) => Sound with { Name = "b", Fallback = fallback };
        string? Of(RoleEndpoints? roles, params EndpointSpec[] endpoints) => EndpointProblems.Of([.. endpoints], roles);
        var roles = new RoleEndpoints { Human = "a", Agent = "a" };

        Of(roles).Should().StartWith("no endpoint is given");
        Of(roles, A(), A()).Should().Be("two endpoints have the name \"a\"");
        Of(roles, A("a")).Should().Be("endpoint \"a\" is its own fallback");
        Of(roles, A("b"), B("a")).Should().Be("the fallbacks go in a circle: a → b → a");
        Of(roles, A("c"), B()).Should().Be("endpoint \"a\" falls back to \"c\", which is none of a, b");
        Of(null, A()).Should().Be("no endpoint plays the human; set `roles: human:` to one of a");
        Of(roles with { Agent = "" }, A()).Should().Be("no endpoint plays the agent; set `roles: agent:` to one of a");
        Of(roles with { Judges = ["a", "x"] }, A()).Should().Be("the role judges is given to the endpoint \"x\", which is none of a");
        Of(roles with { HumanCandidates = 17 }, A()).Should().Be("human_candidates is 17; it must be from 1 to 16");
        Of(roles with { Writer = "b", Judges = ["b", "b"] }, A("b"), B()).Should().BeNull();
    }

    [Theory]
    [InlineData(null, "takes its key from the environment variable MY_KEY, which is not set")]
    [InlineData(" \n", "the environment variable MY_KEY for endpoint \"local\" is empty")]
    [InlineData("sk-1\nsk-2", "the environment variable MY_KEY for endpoint \"local\" holds more than a key")]
    public void A_key_that_cannot_be_had_is_said_without_showing_it(string? value, string sentence)
    {
        var problem = new EndpointKeys(name => name == "MY_KEY" ? value : "other").Of(Sound with { KeyVariable = "MY_KEY" }).Problem;

        problem.Should().Contain(sentence).And.NotContain("sk-");
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        var keys = new EndpointKeys(file: static _ => throw new FileNotFoundException());

        keys.Problem([Sound, Sound with { KeyFile = "/keys/openai" }])
            .Should()
            .Be(
                "endpoint \"local\" takes its key from the file /keys/openai, which cannot be read "
                    + "(FileNotFoundException); name a file that holds the key"
            );
    }

    [Fact]
    public void A_key_shows_itself_to_nobody() => Endpoints.Keys.Of(Sound with { KeyVariable = "K" }).Key!.ToString().Should().Be("(key)");
}
