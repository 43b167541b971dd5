using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>A user that auth_query has found. It prints as its name alone.</summary>
/// <param name="name">As the answer has it: only the very name that was asked for logs in.</param>
/// <param name="secret">The stored password in any of its forms; null for none, with which no password is right.</param>
internal sealed class FoundUser(string name, string? secret)
{
    public string Name { get; } = name;

    /// <summary>Null too where it is a verifier that nobody should be made to work out (<see cref="ScramVerifier.IsUnusable"/>): each user chooses its own.</summary>
    public string? Secret { get; } = string.IsNullOrEmpty(secret) || ScramVerifier.IsUnusable(secret) ? null : secret;

    /// <summary>There is a verifier, and it is not used.</summary>
    public bool HasUnusableVerifier { get; } = ScramVerifier.IsUnusable(secret);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
