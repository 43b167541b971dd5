namespace PoolProxy.Sandbox.Demo;

/// <summary>Someone with a token.</summary>
/// <param name="Name">The name, which is the token's subject and the user of the login.</param>
/// <param name="Token">The token, which is the password.</param>
public sealed record DemoPerson(string Name, string Token)
{
    /// <summary>Prints the name only: tokens stay out of logs.</summary>
    public override string ToString() => Name;
}
