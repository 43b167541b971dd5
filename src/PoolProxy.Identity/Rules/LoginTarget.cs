namespace PoolProxy.Identity.Rules;

/// <summary>What a client wants to enter.</summary>
/// <param name="Database">The database's name on the clients' side; the console's own name where <paramref name="IsConsole"/>.</param>
/// <param name="IsConsole">It is the console.</param>
public readonly record struct LoginTarget(string Database, bool IsConsole);
