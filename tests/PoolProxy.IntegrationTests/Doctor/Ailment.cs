using PoolProxy.Core.Doctor;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>One way to break the demo's database, and what the doctor has to say about it.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Break">Statements, each run by itself as the superuser in the database <c>app</c>. <c>{options}</c> is how a membership is granted well.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="What">A part of the finding.</param>
internal sealed record Ailment(string Name, string[] Break, FindingLevel Level, string What)
{
    /// <summary>The least and the greatest version on which this can be; on others it is no ailment.</summary>
    public (int Least, int Greatest) Majors { get; init; } = (15, int.MaxValue);

    /// <summary>What becomes of it: nothing, SIGHUP, or a restart, behind the break and behind the repair.</summary>
    public string Takes { get; init; } = "";

    /// <summary>Takes away what the break left and no repair should touch, once all is well again.</summary>
    public string[] CleanUp { get; init; } = [];

    /// <summary>For xunit.</summary>
    public override string ToString() => Name;
}
