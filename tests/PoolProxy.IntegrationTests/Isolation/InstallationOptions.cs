using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing.Postgres;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>What an <see cref="Installation"/> shall be like.</summary>
internal sealed record InstallationOptions
{
    /// <summary>What a level's name says; <c>trusted</c> is <c>partitioned</c> with statements that readers share.</summary>
    public static InstallationOptions Of(string level) => level == "trusted"
        ? new InstallationOptions { LoginLines = "statement_sharing = \"trusted\"" }
        : new InstallationOptions { Level = level };

    /// <summary><c>partitioned</c>, <c>set_role</c> or <c>exclusive</c>.</summary>
    public string Level { get; init; } = "partitioned";

    /// <summary><c>auth_type</c>: <c>jwt</c>, <c>oauth</c> or <c>hba</c>.</summary>
    public string AuthType { get; init; } = "jwt";

    /// <summary>The text of the file that <c>auth_hba_file</c> names; none without.</summary>
    public string? Hba { get; init; }

    /// <summary>Servers of each pool; one by default, so that sharing is not left to chance.</summary>
    public int PoolSize { get; init; } = 1;

    /// <summary>Lines for <c>[proxy]</c>.</summary>
    public string Proxy { get; init; } = "";

    /// <summary>Lines for <c>[audit]</c>.</summary>
    public string AuditLines { get; init; } = "";

    /// <summary>Lines for <c>[limits]</c>.</summary>
    public string LimitLines { get; init; } = "";

    /// <summary>Lines for the issuer's section.</summary>
    public string IssuerLines { get; init; } = "";

    /// <summary>Further sections, whole.</summary>
    public string Sections { get; init; } = "";

    /// <summary>Further sections, whole, that name the database's roles.</summary>
    public Func<TestDatabase, string>? MoreSections { get; init; }

    /// <summary>Rules ahead of the others.</summary>
    public Func<TestDatabase, string> Rules { get; init; } = _ => "";

    /// <summary>Lines for the readers' rule.</summary>
    public string ReaderLines { get; init; } = "";

    /// <summary>Lines for the database's section.</summary>
    public string DatabaseLines { get; init; } = "";

    /// <summary>Lines for the section of the readers' login, or, under <c>set_role</c>, none.</summary>
    public string LoginLines { get; init; } = "";

    /// <summary>The issuer; without, one that all share whose keys never change.</summary>
    public TestIssuer? Issuer { get; init; }

    /// <summary>The line that names where the keys are; by default <c>jwks_url</c>.</summary>
    public string? KeysLine { get; init; }

    /// <summary>The database; without, a new one.</summary>
    public TestDatabase? Database { get; init; }

    /// <summary>The port that the proxy finds PostgreSQL on, where it is not the cluster's: a scripted one.</summary>
    public int? ServerPort { get; init; }

    /// <summary>Certificate and key for clients' TLS; none by default.</summary>
    public Sandbox.Certificates.CertificateFiles? Certificate { get; init; }

    /// <summary><c>token_without_tls</c>.</summary>
    public string TokenWithoutTls { get; init; } = "loopback";
}
