namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>A user that auth_query has found. It prints as its name alone.</summary>
/// <param name="name">As the answer has it: that is who logs in, as in PgBouncer.</param>
/// <param name="secret">The stored password in any of its forms; null for none, with which no password is right.</param>
internal sealed class FoundUser(string name, string? secret)
{
    public string Name { get; } = name;

    public string? Secret { get; } = string.IsNullOrEmpty(secret) ? null : secret;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
