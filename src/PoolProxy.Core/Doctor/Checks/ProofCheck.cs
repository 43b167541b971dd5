namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// How the login proves itself: by a password, which a client behind SET ROLE NONE can change, or by nothing. Told by what the server asked for and,
/// from 16 on, by SYSTEM_USER.
/// </summary>
internal sealed class ProofCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login proves itself without a password";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var upstream = examination.Upstream;
        if (examination.IsByPassword)
        {
            return
            [
                Finding.Warning(
                    $"login \"{upstream.Login}\" logs in by password",
                    "A client that goes back to the login by SET ROLE NONE can change it: a door beside the proxy that outlives revocation.") with
                {
                    Advice = $"In pg_hba.conf admit it by certificate: hostssl {upstream.Target.Dbname} {upstream.Login} {await ProxyAddressAsync(examination)} cert",
                },
            ];
        }

        // Before 16 a connection without a challenge is by certificate, by peer, or by nothing.
        var isProven = examination.VersionNumber >= 160000
            ? (await examination.QueryAsync("select system_user"))[0][0].Length > 0
            : upstream.IsUnix || upstream.HasCertificate;
        return isProven ? [] :
        [
            Finding.Fault(
                $"login \"{upstream.Login}\" logs in without any proof",
                "pg_hba.conf says trust: whoever reaches the server from the same address is that login, without the proxy.") with
            {
                Advice = $"In pg_hba.conf admit it by certificate: hostssl {upstream.Target.Dbname} {upstream.Login} {await ProxyAddressAsync(examination)} cert",
            },
        ];
    }

    private static async Task<string> ProxyAddressAsync(Examination examination)
    {
        var address = (await examination.QueryAsync("select host(inet_client_addr())"))[0][0];
        return address.Length == 0 ? "127.0.0.1/32" : $"{address}/{(address.Contains(':', StringComparison.Ordinal) ? 128 : 32)}";
    }
}
