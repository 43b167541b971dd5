namespace PoolProxy.Configuration.Model;

/// <summary>Who may share a server's prepared statements: <c>statement_sharing</c> of a login. <c>trusted</c> is refused by name in this version.</summary>
public enum StatementSharing
{
    /// <summary><c>identity</c>: they are dropped when another identity takes the server.</summary>
    Identity,
}
