using ConvoSynth.ObjectStorage.Azure;
using ConvoSynth.ObjectStorage.S3;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>What cannot work is told in one sentence that names the address and holds no secret.</summary>
[Collection(nameof(Stores))]
public sealed class Refusals(Stores stores)
{
    [Theory]
    [InlineData("az://account")]
    [InlineData("az://account/")]
    [InlineData("s3://")]
    [InlineData("s3://bucket//run")]
    [InlineData("s3://bucket/../run")]
    [InlineData("gs://bucket/run")]
    public void An_address_that_is_none_is_refused(string address) =>
        FluentActions
            .Invoking(() => ObjectPlaces.Of(address))
            .Should()
            .Throw<RunException>()
            .WithMessage($"{address} is*az://ACCOUNT/CONTAINER/PATH or s3://BUCKET/PATH");

    [Theory]
    [InlineData("az://account/container/runs/a", "az://account/container", "runs/a")]
    [InlineData("s3://bucket/runs/a", "s3://bucket", "runs/a")]
    [InlineData("s3://bucket", "s3://bucket", "")]
    public void An_address_has_a_root_and_keys_below_it(string text, string root, string key)
    {
        var address = ObjectAddress.Of(text);

        (address.Root, address.KeyOf(text)).Should().Be((root, key));
        address.PrefixOf(text).Should().Be(key.Length == 0 ? "" : key + "/");
    }

    [ServersFact]
    public void A_store_that_ignores_the_condition_is_refused_before_anything_is_written()
    {
        var place = Stores.S3Place($"s3://{S3Server.Bucket}/refused", stores.S3rver.EndpointWithoutConditions);

        Refusal(() => new RunsRoot(place.Storage, place.Path).RequireWritable())
            .Should()
            .StartWith("s3://runs cannot keep runs: it accepts a second object of one name");
        place.Storage.Invoking(s => s.Put(place.Path + "/file", default)).Should().Throw<ShardException>();
        place.Storage.List("s3://runs").Should().NotContain(n => n.StartsWith(".probe-", StringComparison.Ordinal));
        place.Storage.Exists(place.Path + "/file").Should().BeFalse();
    }

    [ServersFact]
    public void Wrong_credentials_are_told_and_not_shown()
    {
        var key = Convert.ToBase64String(StorageContract.Noise(64));
        var azure = Stores.AzurePlace($"az://{AzuriteServer.Account}/any/run", stores.Azurite.With(key));
        var s3 = Stores.S3Place("s3://runs/run", stores.S3rver.Endpoint, "not-the-account");

        Refusal(() => azure.Storage.Exists(azure.Path + "/run.json"))
            .Should()
            .StartWith("'az://convosynth/any/run/run.json': the store refuses the credentials")
            .And.NotContain(key);
        Refusal(() => s3.Storage.List(s3.Path))
            .Should()
            .StartWith("'s3://runs/run': the store refuses the credentials (InvalidAccessKeyId)")
            .And.NotContain(S3Server.Key);
    }

    [ServersFact]
    public void A_container_or_bucket_that_is_not_there_is_told()
    {
        var azure = Stores.AzurePlace($"az://{AzuriteServer.Account}/nothing/run", stores.Azurite.ConnectionString);
        var s3 = Stores.S3Place("s3://nothing/run", stores.S3rver.Endpoint);

        Refusal(() => azure.Storage.List(azure.Path)).Should().EndWith("the container does not exist; create it.");
        Refusal(() => s3.Storage.List(s3.Path)).Should().EndWith("the bucket does not exist; create it.");
        azure.Storage.FolderExists("az://convosynth/nothing").Should().BeFalse();
        s3.Storage.FolderExists("s3://nothing").Should().BeFalse();
        Stores.S3Place("s3://runs/run", stores.S3rver.Endpoint).Storage.FolderExists("s3://runs").Should().BeTrue();
    }

    [Theory]
    [InlineData("AZURE_STORAGE_CONNECTION_STRING", "AccountKey=secret", "is no connection string")]
    [InlineData("AZURE_STORAGE_KEY", "secret!", "is no account key")]
    public void A_malformed_credential_of_Azure_is_told_and_not_shown(string variable, string value, string message) =>
        FluentActions
            .Invoking(() => AzureConnection.Open(ObjectAddress.Of("az://account/container"), n => n == variable ? value : null))
            .Should()
            .Throw<RunException>()
            .WithMessage($"{variable} {message}*")
            .Which.Message.Should()
            .NotContain("secret");

    [Fact]
    public void A_connection_string_of_another_account_is_refused() =>
        FluentActions
            .Invoking(() =>
                AzureConnection.Open(
                    ObjectAddress.Of("az://account/container"),
                    n =>
                        n == AzureConnection.ConnectionString
                            ? "DefaultEndpointsProtocol=https;AccountName=other;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net"
                            : null
                )
            )
            .Should()
            .Throw<RunException>()
            .WithMessage("AZURE_STORAGE_CONNECTION_STRING is of the account other, and the address names account");

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "minio", "AWS_ENDPOINT_URL is no URL*")]
    [InlineData("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY is not set, and AWS_ACCESS_KEY_ID is*")]
    public void A_malformed_variable_of_S3_is_told(string variable, string value, string message) =>
        FluentActions
            .Invoking(() => S3Connection.Open(ObjectAddress.Of("s3://bucket"), n => n == variable ? value : null))
            .Should()
            .Throw<RunException>()
            .WithMessage(message);

    private static string Refusal(Action work) => work.Should().Throw<ShardException>().Which.Message;
}
