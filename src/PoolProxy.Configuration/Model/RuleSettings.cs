namespace PoolProxy.Configuration.Model;

/// <summary>One of <c>[[rules]]</c>: who gets which role. The first rule that matches wins; without a match there is no entry.</summary>
public sealed record RuleSettings
{
    /// <summary>The rule's number in the file, from 1: its name in logs and in SHOW RULES.</summary>
    public required int Number { get; init; }

    /// <summary><c>issuer</c>: the name of a section of <c>[issuers]</c>; required.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>when</c>: all must hold; without any the rule matches every token of the issuer.</summary>
    public IReadOnlyList<ClaimCondition> When { get; init; } = [];

    /// <summary><c>from</c>: where the client may come from: address ranges, addresses, or <c>unix</c>; empty is anywhere.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary><c>country</c>: the countries (ISO 3166-1, two letters) that the client may come from, by <c>geoip_file</c>; empty is anywhere.</summary>
    public IReadOnlyList<string> Country { get; init; } = [];

    /// <summary><c>hours</c>: the only hours that the rule holds in, such as <c>Mon-Fri 08:00-18:00</c>; empty is always. Their end ends the session.</summary>
    public IReadOnlyList<string> Hours { get; init; } = [];

    /// <summary><c>time_zone</c>: whose clock <see cref="Hours"/> mean, by its name in the IANA database; default UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>max_auth_age</c>: the longest time since the person has proven itself to the issuer (<c>auth_time</c>); null does not ask.</summary>
    public TimeSpan? MaxAuthAge { get; init; }

    /// <summary><c>role</c>: the roles that the client may ask for, the first being the default; empty for a rule that opens the console only.</summary>
    public IReadOnlyList<string> Role { get; init; } = [];

    /// <summary><c>database</c>: the databases (names of clients' side) that the rule holds for; empty is all.</summary>
    public IReadOnlyList<string> Database { get; init; } = [];

    /// <summary><c>console</c>.</summary>
    public ConsoleAccess Console { get; init; }

    /// <summary><c>route</c>: the section of <c>[databases]</c> whose servers serve, whichever name the client has asked for; null is the one asked for.</summary>
    public string? Route { get; init; }

    /// <summary><c>search_path</c>: the session's to begin with; null leaves the servers' own.</summary>
    public string? SearchPath { get; init; }

    /// <summary><c>read_only</c>: transactions read only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary><c>query_timeout</c>; null adds no limit, as for all that follow.</summary>
    public TimeSpan? QueryTimeout { get; init; }

    /// <summary><c>transaction_timeout</c>.</summary>
    public TimeSpan? TransactionTimeout { get; init; }

    /// <summary><c>idle_transaction_timeout</c>.</summary>
    public TimeSpan? IdleTransactionTimeout { get; init; }

    /// <summary><c>client_idle_timeout</c>.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    /// <summary><c>session_length</c>: from the login to the session's end.</summary>
    public TimeSpan? SessionLength { get; init; }

    /// <summary><c>max_connections</c>: clients of one person (issuer and subject) at a time.</summary>
    public int? MaxConnections { get; init; }

    /// <summary><c>max_servers</c>: servers of one pool that one person's clients hold at a time.</summary>
    public int? MaxServers { get; init; }
}
