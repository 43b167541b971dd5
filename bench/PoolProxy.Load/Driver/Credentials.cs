namespace PoolProxy.Load.Driver;

/// <summary>How a client enters.</summary>
/// <param name="User">The startup user.</param>
/// <param name="Database">The database.</param>
/// <param name="Password">The password, or a token; what the server asks for decides how it is proven.</param>
internal sealed record Credentials(string User, string Database, string? Password = null);
