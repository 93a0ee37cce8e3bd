namespace ConvoSynth.Serve.Audits;

/// <summary>What does not hold, and where.</summary>
/// <param name="Line">The line of JSON lines, otherwise the number of the record, from 1.</param>
/// <param name="Field">The field of the record, such as <c>messages[3].content</c>.</param>
public sealed record AuditFinding(string Kind, string File, int Line, string Field, string What);

/// <summary>A finding in one record, with the repair if it is certain.</summary>
/// <param name="Repair">Changes the record; null if no repair is certain.</param>
internal sealed record RecordFinding(string Kind, string Field, string What, Action? Repair = null);
