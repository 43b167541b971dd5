using PoolProxy.Core.Doctor.Checks;

namespace PoolProxy.Core.Doctor;

/// <summary>Every check, in the order of the report: who comes in, what the login may do, what the database gives away, what the server writes down.</summary>
internal static class CheckList
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new VersionCheck(),
        new TlsCheck(),
        new ProofCheck(),
        new HbaCheck(),
        new SuperuserCheck(),
        new CreateRoleCheck(),
        new CreateDatabaseCheck(),
        new ReplicationCheck(),
        new BypassRowSecurityCheck(),
        new InheritCheck(),
        new ValidUntilCheck(),
        new LookupCheck(),
        new RoleCheck(),
        new MembershipCheck(),
        new MembershipOptionsCheck(),
        new ReachablePowerCheck(),
        new OwnedObjectsCheck(),
        new DirectGrantsCheck(),
        new AlteredSettingsCheck(),
        new BackendSignalCheck(),
        new DblinkCheck(),
        new LanguageCheck(),
        new PublicSchemaCheck(),
        new RowSecurityCheck(),
        new SignedIdentityCheck(),
        new PreparedTransactionsCheck(),
        new StatementStatisticsCheck(),
        new StatementLogCheck(),
    ];
}
