namespace PoolProxy.Configuration.Model;

/// <summary>Who may share a server's prepared statements: <c>statement_sharing</c> of a login.</summary>
public enum StatementSharing
{
    /// <summary><c>identity</c>: they are dropped when another identity takes the server.</summary>
    Identity,

    /// <summary>
    /// <c>trusted</c>: they stay when another identity takes the server. Whoever prepares a statement in SQL can then make the next identity
    /// run it, and reads the text of others'; only for identities that trust each other's SQL.
    /// </summary>
    Trusted,
}
