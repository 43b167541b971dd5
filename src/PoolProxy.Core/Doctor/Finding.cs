namespace PoolProxy.Core.Doctor;

/// <summary>One thing that the doctor has to say.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="What">The finding in a line; it names the login, role, database or setting, so that the same words mean the same thing on one server.</param>
/// <param name="Why">What can happen because of it, in a sentence; empty for praise.</param>
internal sealed record Finding(FindingLevel Level, string What, string Why)
{
    /// <summary>The statements that put it right, for a superuser in the database that was looked at; each ends with a semicolon and holds no line break.</summary>
    public IReadOnlyList<string> Sql { get; init; } = [];

    /// <summary>What to do where it is not SQL that puts it right, in a sentence; or what the SQL alone does not do.</summary>
    public string? Advice { get; init; }

    public static Finding Fault(string what, string why, params string[] sql) => new(FindingLevel.Fault, what, why) { Sql = sql };

    public static Finding Warning(string what, string why, params string[] sql) => new(FindingLevel.Warning, what, why) { Sql = sql };

    public static Finding Note(string what, string why) => new(FindingLevel.Note, what, why);

    public static Finding Ok(string what) => new(FindingLevel.Ok, what, "");
}
