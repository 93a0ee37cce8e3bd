namespace ConvoSynth.Runs.Promises;

/// <summary>Another process that works in the same folder, and answers one request at a time.</summary>
public interface IPartner
{
    /// <param name="verb">A request that <see cref="Partner"/> or <see cref="StorePartner"/> knows.</param>
    /// <param name="path">The file or folder that it is about.</param>
    Task<string> Ask(string verb, string path);

    /// <summary>Ends the process as a crash would.</summary>
    Task Kill();
}
