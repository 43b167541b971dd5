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

    /// <summary><c>role</c>: the roles that the client may ask for, the first being the default; empty for a rule that opens the console only.</summary>
    public IReadOnlyList<string> Role { get; init; } = [];

    /// <summary><c>database</c>: the databases (names of clients' side) that the rule holds for; empty is all.</summary>
    public IReadOnlyList<string> Database { get; init; } = [];

    /// <summary><c>console</c>.</summary>
    public ConsoleAccess Console { get; init; }
}
