using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Tests;

/// <summary>Requests to servers on this machine bypass the proxy.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("http://localhost:8000/v1/")]
    [InlineData("http://127.0.0.1:8000/v1/")]
    [InlineData("http://127.8.9.1/")]
    [InlineData("http://[::1]:8000/")]
    [InlineData("http://0.0.0.0:8000/v1/")]
    public void This_machine_is_reached_without_one(string url)
    {
        var proxy = new EndpointProxy();

        proxy.IsBypassed(new(url)).Should().BeTrue();
        proxy.GetProxy(new(url)).Should().BeNull();
    }

    [Fact]
    public void Any_other_is_reached_as_the_environment_says()
    {
        var address = new Uri("http://models.example/v1/");

        new EndpointProxy().IsBypassed(address).Should().Be(HttpClient.DefaultProxy.IsBypassed(address));
        new EndpointProxy().GetProxy(address).Should().Be(HttpClient.DefaultProxy.GetProxy(address));
    }
}
