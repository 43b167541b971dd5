namespace PoolProxy.ClientTests.Running;

/// <summary>How a foreign program ended.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">What it wrote to standard output, unless that went to a reader of its own.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record ProgramRun(int Status, string Output, string Errors)
{
    /// <summary>Both texts, for a failing test's message.</summary>
    public override string ToString() => $"exit status {Status}\n-- output --\n{Output}\n-- errors --\n{Errors}";
}
