namespace PoolProxy.ClientTests.Proofs;

/// <summary>A way to prove who one is, and what a client has to hold for it.</summary>
/// <param name="Name">As docs/proofs.md has it.</param>
/// <param name="Database">The database by which auth_hba_file chooses it.</param>
/// <param name="Method">The method in that file.</param>
/// <param name="Secret">What docs/proofs.md calls the password; empty for none.</param>
/// <param name="HasCertificate">A client certificate is shown.</param>
internal sealed record Proof(string Name, string Database, string Method, string Secret, bool HasCertificate = false)
{
    public static readonly Proof Jwt = new("JWT as password", "by_jwt", "jwt", "$TOKEN");
    public static readonly Proof OAuth = new("JWT by OAUTHBEARER", "by_oauth", "oauth", "$TOKEN");
    public static readonly Proof Opaque = new("opaque token as password, introspected", "by_opaque", "jwt", "$OPAQUE_TOKEN");
    public static readonly Proof Certificate = new("client certificate", "by_cert", "cert", "", HasCertificate: true);
    public static readonly Proof Bound = new("client certificate and the JWT bound to it", "by_bound", "jwt", "$BOUND_TOKEN", HasCertificate: true);
    public static readonly Proof Scram = new("password by SCRAM-SHA-256", "by_scram", "scram-sha-256", "$PASSWORD");

    public static readonly Proof Saml = new("SAML assertion as password", "by_saml", "jwt", "$ASSERTION");
    public static readonly Proof Access = new("password of access on demand", "by_access", "jwt", "$ACCESS_TOKEN");

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<Proof> All { get; } = [Jwt, OAuth, Opaque, Saml, Access, Certificate, Bound, Scram];
}
