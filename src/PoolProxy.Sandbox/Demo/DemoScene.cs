namespace PoolProxy.Sandbox.Demo;

/// <summary>What the story is told with: a running proxy, people, and tokens that it must refuse.</summary>
public sealed record DemoScene
{
    /// <summary>The proxy's host, a name that its certificate holds.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The proxy's port.</summary>
    public required int Port { get; init; }

    /// <summary>PEM of the authority of the proxy's certificate.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>The database with the table <c>documents</c>.</summary>
    public string Database { get; init; } = "app";

    /// <summary>The console's database.</summary>
    public string ConsoleDatabase { get; init; } = "pgbouncer";

    /// <summary>One of the two who share connections.</summary>
    public required DemoPerson Alice { get; init; }

    /// <summary>The other.</summary>
    public required DemoPerson Bob { get; init; }

    /// <summary>She may enter the console.</summary>
    public required DemoPerson Carol { get; init; }

    /// <summary>Alice's name on a token signed with a stranger's key.</summary>
    public required DemoPerson Forger { get; init; }

    /// <summary>Alice with a token that ended an hour ago.</summary>
    public required DemoPerson Late { get; init; }

    /// <summary>The issuer knows him, but no rule does.</summary>
    public required DemoPerson Stranger { get; init; }

    /// <summary>The audit trail's file.</summary>
    public required string AuditFile { get; init; }

    /// <summary>How long the trail may take to be written; 10 s by default.</summary>
    public TimeSpan AuditPatience { get; init; } = TimeSpan.FromSeconds(10);
}
