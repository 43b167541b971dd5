namespace PoolProxy.Load.Peers;

/// <summary>A program and its arguments, as a contender wants to be started.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="IsUnprivileged">Whether it must not run as root; then it gets the account of the servers.</param>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments, bool IsUnprivileged);
