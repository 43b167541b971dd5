using static PoolProxy.IntegrationTests.Escapes.Outcome;

namespace PoolProxy.IntegrationTests.Escapes.Attacks;

/// <summary>Changes of role that stand in the text of a statement.</summary>
internal static class VisibleRoleAttacks
{
    public const string IsWriter = "current_user = '{writers}'";
    public const string IsLogin = "current_user = '{login}'";
    public const string IsNoReader = "current_user <> '{readers}'";

    private const string AsTheLogin = "after `SET ROLE NONE` a hostile client is the login";

    public static IEnumerable<Attack> All =>
    [
        .. Spellings("{writers}").Select(spelling => new Attack($"another role: {spelling}", [spelling], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter }),
        new("the login: set role none", ["set role none"], ByDesign, Proxy, ByDesign)
        {
            Proof = IsLogin,
            Cites = AsTheLogin,
            // Where a SET has been answered the identity is sent again before the next batch.
            Except = [new("partitioned", Harmless, Way.Simple, Way.Extended, Way.Prepared, Way.Pipelined), new("exclusive", Harmless, Way.Simple, Way.Extended, Way.Prepared, Way.Pipelined)],
        },
        new("reset role", ["reset role"], Harmless, Proxy, Harmless) { Proof = IsNoReader },
        new("reset role, then another", ["reset role", "set role {writers}"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("reset all", ["reset all"], Harmless, Harmless, Harmless) { Proof = IsNoReader },
        new("discard all", ["discard all"], Harmless, Harmless, Harmless)
        {
            Proof = IsNoReader,
            Except =
            [
                new("set_role", Proxy, Way.Batch), new("set_role", PostgreSQL, Way.MultiStatement), new("partitioned", PostgreSQL, Way.MultiStatement),
                new("exclusive", PostgreSQL, Way.MultiStatement),
            ],
        },
        new("set session authorization default", ["set session authorization default"], Harmless, Proxy, Harmless) { Proof = IsNoReader },
        new("reset session authorization", ["reset session authorization"], Harmless, Proxy, Harmless) { Proof = IsNoReader },
        new("another session authorization", ["set session authorization {writers}"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("a superuser's session authorization", ["set session authorization postgres"], PostgreSQL, Proxy, PostgreSQL) { Proof = "current_user = 'postgres'" },
        new("another role inside a transaction", ["begin", "set local role {writers}"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("the login inside a transaction", ["begin", "set local role none"], ByDesign, Proxy, ByDesign) { Proof = IsLogin, Cites = AsTheLogin },
        new("the login, kept by a commit", ["begin", "set role none", "commit"], ByDesign, Proxy, ByDesign)
        {
            Proof = IsLogin,
            Cites = AsTheLogin,
            Except = [new("partitioned", Harmless, Way.Simple, Way.Extended, Way.Prepared), new("exclusive", Harmless, Way.Simple, Way.Extended, Way.Prepared)],
        },
        new("another role in a failed transaction", ["begin", "select 1/0", "set role {writers}", "rollback"], PostgreSQL, Proxy, PostgreSQL)
        {
            Proof = IsWriter,
            // PostgreSQL skips the rest of a batch, the refusal with it.
            Except = [new("set_role", PostgreSQL, Way.Batch)],
        },
        new("a rollback behind the prelude", ["begin", "select 1", "rollback"], Harmless, Harmless, Harmless) { Proof = IsNoReader },
        new("a rollback to before a change of role", ["begin", "savepoint s", "set local role none", "rollback to s"], Harmless, Proxy, Harmless) { Proof = IsNoReader },
        new("set_config('role')", ["select set_config('role', '{writers}', false)"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config of a name in pieces", ["select set_config('ro' || 'le', '{writers}', false)"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config in a cursor", ["begin", "declare c cursor for select set_config('role', '{writers}', false)", "fetch all from c"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config in COPY", ["copy (select set_config('role', '{writers}', false)) to stdout"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config in EXPLAIN ANALYZE", ["explain analyze select set_config('role', '{writers}', false)"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config in CREATE TABLE AS", ["create temp table t as select set_config('role', '{writers}', false)"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("set_config in a prepared statement", ["prepare p as select set_config('role', $1, false)", "execute p('{writers}')"], PostgreSQL, Proxy, PostgreSQL) { Proof = IsWriter },
        new("update of pg_settings for role", ["update pg_settings set setting = '{writers}' where name = 'role'"], Harmless, Proxy, Harmless) { Proof = IsWriter },
        new("behind a text that ends elsewhere with other escapes", ["set standard_conforming_strings = off", "select '\\'; set role {writers}; --'"], PostgreSQL, Proxy, PostgreSQL)
        {
            Proof = IsWriter,
            Ways = [Way.Simple],
            Except = [new("partitioned", Harmless, Way.Simple), new("exclusive", Harmless, Way.Simple), new("set_role", Harmless, Way.Simple)],
        },
        new("behind more text than is looked into", [$"select '{new string('x', 300_000)}'; set role {{writers}}"], PostgreSQL, Proxy, PostgreSQL)
        {
            Proof = IsWriter,
            Ways = [Way.Simple, Way.MultiStatement],
        },
    ];

    private static IEnumerable<string> Spellings(string role) =>
    [
        $"set role {role}", $"/* x */ SeT /* ; -- */ rOlE \"{role}\"", $"set role = '{role}'", $"set role to {role}", $"set \"role\" = {role}", $"set session role {role}",
        $"set U&\"ro\\006ce\" = {role}", $"set local role {role}", $"-- a comment\nset role {role}", $"/* a /* nested */ comment */ set role {role}",
    ];
}
