using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>All workloads, in the order they run.</summary>
internal static class Catalogue
{
    private static readonly string[] IsolationLevels = ["partitioned", "set_role", "exclusive"];
    private static readonly string[] PgbenchProtocols = ["simple", "extended", "prepared"];
    private static readonly Variation LargeBuffers = new("pkt_buf=65536", new Setup { PgBouncerLines = "pkt_buf = 65536" });
    private static readonly Variation CachedStatements = new("cache_unnamed_statements", new Setup { DatabaseLines = "cache_unnamed_statements = true" });
    private static readonly Variation Pipelined = new("pipelining", new Setup { DatabaseLines = "pipelining = true" });

    // With "block" every record is written: one that is dropped would cost next to nothing.
    private static readonly Variation Audited = new("audit", new Setup { Sections = """
        [audit]
        file = "audit.log"
        statements = "all"
        overflow = "block"
        """ });

    private static readonly Setup RsaScram = new() { Tls = TlsKind.Rsa, Login = LoginMethod.Scram };
    private static readonly Setup CurveScram = new() { Tls = TlsKind.EllipticCurve, Login = LoginMethod.Scram };
    private static readonly Setup RsaToken = new() { Tls = TlsKind.Rsa, Login = LoginMethod.Token };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workload> All { get; } = [.. Selects(), .. Crowds(), .. Volumes(), .. Storms(), .. Standstill(), .. Many(), .. Checks()];

    private static IEnumerable<Workload> Selects() =>
    [
        new SteadyWorkload
        {
            Name = "select-simple",
            Title = "one row by key, simple protocol, 16 clients, 20 servers",
            Script = Scripts.SelectSimple,
            PoolProxyVariations = [Audited],
        },
        new SteadyWorkload
        {
            Name = "select-extended",
            Title = "the same, extended protocol, unnamed statement",
            Script = Scripts.SelectExtended,
            PoolProxyVariations = [CachedStatements],
        },
        new SteadyWorkload
        {
            Name = "select-prepared",
            Title = "the same, named statement",
            Script = Scripts.SelectPrepared,
            NeedsPreparedStatements = true,
        },
        new SteadyWorkload
        {
            Name = "select-tls",
            Title = "one row by key, simple protocol, 16 clients over TLS, 20 servers",
            Script = Scripts.SelectSimple,
            Setup = new Setup { Tls = TlsKind.Rsa },
        },
        new SteadyWorkload { Name = "tpc-b", Title = "pgbench's TPC-B-like transaction of seven statements, simple protocol, 16 clients", Script = Scripts.TpcB },
        new SteadyWorkload
        {
            Name = "one-client",
            Title = "one row by key, simple protocol, 1 client",
            Clients = 1,
            Script = Scripts.SelectSimple,
            Compared = [Metric.P50, Metric.ProxyCpu],
        },
    ];

    private static IEnumerable<Workload> Crowds()
    {
        foreach (int clients in new[] { 64, 2000 })
        {
            foreach ((string suffix, string protocol, Driver.Script script) in new[]
            {
                ("", "simple protocol", Scripts.SelectSimple), ("-extended", "extended protocol, unnamed statement", Scripts.SelectExtended),
            })
            {
                yield return new SteadyWorkload
                {
                    Name = $"clients-{clients}{suffix}",
                    Title = $"one row by key, {protocol}, {clients} clients, 20 servers",
                    Clients = clients,
                    Script = script,
                    IncludesDirect = clients < 100,
                    PoolProxyVariations = [Pipelined],
                };
            }
        }

        // Where clients wait for servers all the time: what pipelining is for.
        foreach ((int servers, string suffix, string protocol, Driver.Script script) in new[]
        {
            (1, "", "simple protocol", Scripts.SelectSimple), (1, "-prepared", "named statement", Scripts.SelectPrepared), (5, "", "simple protocol", Scripts.SelectSimple),
        })
        {
            yield return new SteadyWorkload
            {
                Name = $"servers-{servers}{suffix}",
                Title = $"one row by key, {protocol}, 64 clients, {servers} {(servers == 1 ? "server" : "servers")}",
                Clients = 64,
                Script = script,
                Setup = new Setup { PoolSize = servers },
                IncludesDirect = false,
                NeedsPreparedStatements = suffix.Length > 0,
                PoolProxyVariations = [new Variation(Pipelined.Name, Pipelined.Setup with { PoolSize = servers })],
            };
        }
    }

    private static IEnumerable<Workload> Volumes() =>
    [
        new SteadyWorkload
        {
            Name = "large-row",
            Title = "1 MiB in one row, 16 clients, 20 servers",
            Script = Scripts.LargeRow,
            PgBouncerVariations = [LargeBuffers],
        },
        new SteadyWorkload
        {
            Name = "small-rows",
            Title = "10 000 small rows, 16 clients, 20 servers",
            Script = Scripts.SmallRows,
            PgBouncerVariations = [LargeBuffers],
        },
        new SteadyWorkload
        {
            Name = "copy-out",
            Title = "COPY of 10 000 rows to the client, 16 clients",
            Script = Scripts.CopyOut,
            PgBouncerVariations = [LargeBuffers],
        },
        new SteadyWorkload
        {
            Name = "copy-in",
            Title = "COPY of 10 000 rows from the client, which the server reads and drops, 16 clients",
            Script = Scripts.CopyIn,
            PgBouncerVariations = [LargeBuffers],
        },
    ];

    private static IEnumerable<Workload> Storms() =>
    [
        new StormWorkload { Name = "connect-plain", Title = "connect, log in by trust, one query, leave; 16 at a time" },
        new StormWorkload { Name = "connect-scram", Title = "the same, logging in by SCRAM-SHA-256", Setup = new Setup { Login = LoginMethod.Scram } },
        new StormWorkload { Name = "connect-tls-rsa", Title = "the same over TLS, RSA-2048 certificate", Setup = RsaScram },
        new StormWorkload { Name = "connect-tls-p256", Title = "the same over TLS, P-256 certificate", Setup = CurveScram },
        new StormWorkload
        {
            Name = "token-cached",
            Title = "connect over TLS (RSA-2048), log in by a token that was seen before (RS256); the peers by SCRAM-SHA-256",
            Setup = RsaScram,
            PoolProxyVariations = [new Variation("token", RsaToken), new Variation("scram", RsaScram)],
        },
        new StormWorkload
        {
            Name = "token-cold",
            Title = "the same, every token seen for the first time (ES256)",
            Setup = RsaScram,
            PoolProxyVariations = [new Variation("token", RsaToken)],
            TokensAreFresh = true,
        },
    ];

    private static IEnumerable<Workload> Standstill() =>
    [
        new IdleWorkload { Name = "idle-plain", Title = "memory of one more idle client, 8000 of them", Clients = 8000, Compared = [Metric.IdleClient] },
        new IdleWorkload
        {
            Name = "idle-tls",
            Title = "memory of one more idle client over TLS, 4000 of them",
            Clients = 4000,
            Setup = new Setup { Tls = TlsKind.Rsa },
            Compared = [Metric.IdleClient],
        },
        new IdleWorkload { Name = "idle-19000", Title = "19 000 idle clients in one process", Clients = 18_500, Compared = [Metric.Rss] },
        new StartWorkload { Name = "start", Title = "from the start of the process to the first connection taken, and its memory then", Compared = [Metric.Start, Metric.Rss] },
    ];

    /// <summary>Identities over 20 servers, at each level of isolation. PoolProxy is compared with itself, without isolation.</summary>
    private static IEnumerable<Workload> Many()
    {
        foreach ((int identities, int clients) in new[] { (1, 16), (20, 64), (1000, 1000) })
        {
            foreach ((string suffix, string protocol, Driver.Script script) in new[]
            {
                ("", "simple protocol", Scripts.SelectSimple), ("-prepared", "named prepared statement", Scripts.SelectPrepared),
            })
            {
                yield return new SteadyWorkload
                {
                    Name = $"identities-{identities}{suffix}",
                    Title = $"one row by key, {protocol}, {clients} clients of {identities} {(identities == 1 ? "identity" : "identities")}, 20 servers",
                    Clients = clients,
                    Identities = identities,
                    Script = script,
                    Setup = Isolated("none"),
                    // An exclusive server is one client's own until it is wiped: a thousand people cannot have twenty of them.
                    PoolProxyVariations = [.. IsolationLevels
                        .Where(level => level != "exclusive" || identities < 1000)
                        .Select(level => new Variation(level, Isolated(level)))],
                };
            }
        }
    }

    private static IEnumerable<Workload> Checks() => PgbenchProtocols.Select(protocol => new PgbenchWorkload
    {
        Name = $"pgbench-{protocol}",
        Title = $"a check on our clients: pgbench, one row by key, -M {protocol}, 16 clients",
        Protocol = protocol,
    });

    private static Setup Isolated(string level) => new() { Login = LoginMethod.Token, Isolation = level };
}
