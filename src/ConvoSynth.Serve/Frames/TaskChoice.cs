using System.Text.Json;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Frames;

/// <summary>
/// The task that a client asks for: by <c>task_id</c>; by <c>index</c>, in <c>split</c> or in all tasks; or by <c>seed</c>, which always
/// gives the same one. Without any of them, the next task in order.
/// </summary>
internal static class TaskChoice
{
    /// <exception cref="MessageException">There is no such task, or a field has another form.</exception>
    public static ServedTask Of(TaskSet tasks, JsonElement map, string place)
    {
        if (Fields.Text(map, "task_id", place) is { } id)
            return tasks.Find(id) ?? throw new MessageException("value_error", $"{place}.task_id", $"there is no task {id}");
        var split = Fields.Text(map, "split", place);
        if (Fields.Number(map, "index", place) is { } index)
        {
            var among = split is null ? tasks.All : [.. tasks.All.Where(t => t.Split == split)];
            return index >= 0 && index < among.Count
                ? among[(int)index]
                : throw new MessageException("value_error", $"{place}.index", $"there are {among.Count} tasks; {index} is none of them");
        }

        return Fields.Number(map, "seed", place) switch
        {
            null => tasks.Next(),
            >= 0 and var seed => tasks.OfSeed(seed),
            _ => throw new MessageException("greater_than_equal", $"{place}.seed", "Input should be greater than or equal to 0"),
        };
    }
}
