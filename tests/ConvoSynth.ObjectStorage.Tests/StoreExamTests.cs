using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Promises;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>The exam of an object store, with partners that tell what a bad store would show.</summary>
[Collection(nameof(Stores))]
public sealed class StoreExamTests(Stores stores)
{
    [Theory, StoreData]
    public async Task A_storage_keeps_all_promises_and_is_left_as_it_was(string store)
    {
        var place = stores.Place(store);

        var promises = await Examine(place, new Honest(place));

        promises.Where(p => !p.IsKept).Should().BeEmpty();
        promises.Should().HaveCount(4);
        place.Storage.Folders(place.Path).SelectMany(f => place.Storage.List(Path.Combine(place.Path, f))).Should().BeEmpty();
    }

    [Theory]
    [InlineData(
        "race",
        "0 1 2",
        "an object is created by one process only: 40 objects, 40 by one and 3 by the other, 3 by both, 0 by neither"
    )]
    [InlineData(
        "append",
        "3",
        "an append is applied only after the entry that its writer saw last: 40 entries, 40 by one and 3 by the other, *"
    )]
    [InlineData("hash", "abc", "an upload appears whole when it is published: *")]
    [InlineData("hash", "none", "an upload appears whole when it is published: the other process did not see it")]
    [InlineData("listed", "no", "the other process sees new objects at once: 10 times, 10 not at once; *")]
    public async Task A_broken_promise_is_found(string verb, string answer, string finding)
    {
        var place = stores.Place(Stores.Disk);

        var promises = await Examine(place, new Deceitful(place, verb, answer));

        promises.Where(p => !p.IsKept).Select(p => $"{p.Name}: {p.Detail}").Should().ContainSingle().Which.Should().Match(finding);
    }

    private static async Task<List<PromiseKept>> Examine(RunPlace place, IPartner partner)
    {
        var promises = new List<PromiseKept>();
        await foreach (var promise in new StoreExam(place.Storage, place.Path, partner, TimeProvider.System).Examine())
            promises.Add(promise);
        return promises;
    }

    private sealed class Honest(RunPlace place) : IPartner
    {
        public Task<string> Ask(string verb, string path) =>
            Task.Run(() => new StorePartner(place.Storage, TimeProvider.System).Answer(verb, path));

        public Task Kill() => Task.CompletedTask;
    }

    /// <summary>Does nothing and gives one answer to one request, and is honest otherwise.</summary>
    private sealed class Deceitful(RunPlace place, string verb, string answer) : IPartner
    {
        private readonly Honest _honest = new(place);

        public Task<string> Ask(string asked, string path) => asked == verb ? Task.FromResult(answer) : _honest.Ask(asked, path);

        public Task Kill() => Task.CompletedTask;
    }
}
