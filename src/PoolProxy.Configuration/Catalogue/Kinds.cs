using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>The kinds that several sections use: one place for each setting's words and bounds.</summary>
internal static class Kinds
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static readonly BooleanKind Boolean = new();

    /// <summary>A limit, where 0 means none.</summary>
    public static readonly IntegerKind Count = new(0, 1_000_000);

    public static readonly IntegerKind Port = new(1, 65535);

    /// <summary>A timeout where zero is a value of its own.</summary>
    public static readonly DurationKind Timeout = Between(TimeSpan.Zero, Year);

    public static readonly SecretKind Secret = new();

    /// <summary>A key that signs: what can be guessed can be forged.</summary>
    public static readonly SecretKind SigningKey = new(minLength: 32);

    public static readonly TextKind Text = new(Bounds.TextLength, mayBeEmpty: true);

    public static readonly TextKind RequiredText = new(Bounds.TextLength, mayBeEmpty: false);

    public static readonly TextKind Path = new(Bounds.PathLength, mayBeEmpty: true);

    public static readonly TextKind RequiredPath = new(Bounds.PathLength, mayBeEmpty: false);

    public static readonly TextKind SocketFolder = new(Bounds.SocketFolderLength, mayBeEmpty: true, folder =>
        folder is ['/', ..] or ['@', _, ..] ? null : new("the folder of the socket must begin with /, or with @ for a name in the abstract namespace"));

    public static readonly TextKind Name = new(Bounds.TextLength, mayBeEmpty: false, CheckName);

    public static readonly TextListKind Roles = new(splitsAtCommas: false, mayBeEmpty: false, CheckRole);

    public static readonly TextListKind DatabaseNames = new(splitsAtCommas: false, mayBeEmpty: false, CheckName);

    public static readonly TextListKind NameList = new(splitsAtCommas: true, check: CheckName);

    /// <summary>Names of PostgreSQL's settings: they compare without case.</summary>
    public static readonly TextListKind ParameterNames = new(splitsAtCommas: true, check: name =>
        ServerSettingNames.IsWellFormed(name) ? null : new($"\"{name}\" is not the name of a PostgreSQL setting"));

    public static readonly ServerSettingsKind ServerSettings = new();

    public static readonly DurationKind KeepaliveTime = SocketOption(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(32767));

    public static readonly DurationKind TcpUserTimeout = SocketOption(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));

    public static readonly TextListKind ListenAddresses = new(splitsAtCommas: true, check: address =>
        address == "*" || IsHost(address) ? null : new($"\"{address}\" is neither an address, a host name nor *"));

    /// <summary>One server's, or an abstract Unix socket's.</summary>
    public static readonly TextKind PeerHost = new(Bounds.TextLength, mayBeEmpty: false, host => host is ['@', _, ..] && host.Length <= Bounds.SocketFolderLength ? null : ServerKinds.CheckHost(host));

    /// <summary>SHA-256 of certificates as openssl prints them: 64 hexadecimal digits, with colons or without.</summary>
    public static readonly TextListKind Fingerprints = new(splitsAtCommas: true, check: CheckFingerprint);

    /// <summary>What a certificate may be known by: cn, dn, dns, uri or sha256, a colon, and the value.</summary>
    public static readonly TextListKind CertificateNames = new(splitsAtCommas: false, check: text =>
        text.StartsWith("sha256:", StringComparison.Ordinal) ? CheckFingerprint(text["sha256:".Length..])
        : text.StartsWith("dn:", StringComparison.Ordinal) ? CheckDistinguishedName(text["dn:".Length..])
        : text is ['c', 'n', ':', _, ..] or ['d', 'n', 's', ':', _, ..] or ['u', 'r', 'i', ':', _, ..] ? null
        : new($"\"{text}\" names no certificate", "It may be cn:NAME, dn:NAME, dns:NAME, uri:URI or sha256:DIGITS."));

    public static readonly TlsProtocolsKind TlsProtocols = new();

    public static readonly ChoiceKind<PoolMode> PoolMode = new(
        [("session", Model.PoolMode.Session), ("transaction", Model.PoolMode.Transaction), ("statement", Model.PoolMode.Statement)]);

    public static readonly ChoiceKind<AuthType> AuthType = new(
        [
            ("jwt", Model.AuthType.Jwt), ("oauth", Model.AuthType.Oauth), ("cert", Model.AuthType.Cert), ("hba", Model.AuthType.Hba), ("trust", Model.AuthType.Trust), ("any", Model.AuthType.Any), ("plain", Model.AuthType.Plain),
            ("md5", Model.AuthType.Md5), ("scram-sha-256", Model.AuthType.ScramSha256), ("ldap", Model.AuthType.Ldap), ("pam", Model.AuthType.Pam),
        ]);

    public static readonly LdapOptionsKind LdapOptions = new();

    public static readonly ChoiceKind<TlsMode> TlsMode = new(
        [
            ("disable", Model.TlsMode.Disable), ("allow", Model.TlsMode.Allow), ("prefer", Model.TlsMode.Prefer), ("require", Model.TlsMode.Require),
            ("verify-ca", Model.TlsMode.VerifyCa), ("verify-full", Model.TlsMode.VerifyFull),
        ]);

    public static readonly ChoiceKind<DheParameters> DheParameters = new(
        [("auto", Model.DheParameters.Auto), ("none", Model.DheParameters.None)], ("legacy", "is refused: 1024 bits can be broken"));

    public static readonly ChoiceKind<SyslogFacility> SyslogFacility = new(
        [.. Enum.GetValues<SyslogFacility>().Select(facility => (facility.ToString().ToLowerInvariant(), facility))]);

    public static readonly ChoiceKind<IsolationLevel> Isolation = new(
        [("none", IsolationLevel.None), ("partitioned", IsolationLevel.Partitioned), ("set_role", IsolationLevel.SetRole), ("exclusive", IsolationLevel.Exclusive)]);

    public static readonly ChoiceKind<SessionStatePolicy> SessionState = new(
        [("shared", SessionStatePolicy.Shared), ("track", SessionStatePolicy.Track), ("pin", SessionStatePolicy.Pin), ("refuse", SessionStatePolicy.Refuse)]);

    public static readonly ChoiceKind<ResetScope> Reset = new([("identity", ResetScope.Identity), ("client", ResetScope.Client)]);

    public static readonly ChoiceKind<ApplicationNameIdentity> ApplicationNameIdentity = new(
        [("subject", Model.ApplicationNameIdentity.Subject), ("hash", Model.ApplicationNameIdentity.Hash), ("off", Model.ApplicationNameIdentity.Off)]);

    public static readonly ChoiceKind<TokenWithoutTls> TokenWithoutTls = new(
        [("refuse", Model.TokenWithoutTls.Refuse), ("unix", Model.TokenWithoutTls.Unix), ("loopback", Model.TokenWithoutTls.Loopback)]);

    public static readonly ChoiceKind<RemovedIssuer> RemovedIssuer = new([("keep", Model.RemovedIssuer.Keep), ("end", Model.RemovedIssuer.End)]);

    public static readonly ChoiceKind<IoEngine> IoEngine = new(
        [("auto", Model.IoEngine.Auto), ("io_uring", Model.IoEngine.Uring), ("epoll", Model.IoEngine.Epoll)]);

    public static readonly ChoiceKind<StatementSharing> StatementSharing = new([("identity", Model.StatementSharing.Identity), ("trusted", Model.StatementSharing.Trusted)]);

    public static readonly ChoiceKind<ConsoleAccess> Console = new(
        [("admin", ConsoleAccess.Admin), ("stats", ConsoleAccess.Stats), ("none", ConsoleAccess.None)]);

    /// <summary>A time from <paramref name="min"/> to <paramref name="max"/>; a bare number is seconds.</summary>
    public static DurationKind Between(TimeSpan min, TimeSpan max, bool zeroIsOff = false) => new(TimeSpan.FromSeconds(1), min, max, TimeSpan.FromTicks(1), zeroIsOff);

    /// <summary>A socket option that the system counts in whole <paramref name="unit"/>s: bare numbers count it too, and nothing finer can be said.</summary>
    public static DurationKind SocketOption(TimeSpan unit, TimeSpan max) => new(unit, TimeSpan.Zero, max, unit, zeroIsOff: false);

    /// <summary>A name that PostgreSQL can hold: up to 63 bytes of UTF-8, without control characters.</summary>
    public static SettingProblem? CheckName(string name)
    {
        if (name.Any(char.IsControl)) return new("the name has a control character");
        return Encoding.UTF8.GetByteCount(name) <= Bounds.NameBytes ? null : new("the name is too long", $"PostgreSQL's names have {Bounds.NameBytes} bytes.");
    }

    /// <summary>A role that a transaction may run as.</summary>
    public static SettingProblem? CheckRole(string role)
    {
        // SET ROLE none, quoted or not, goes back to the shared login (isolation.md §3).
        if (role.Equals("none", StringComparison.OrdinalIgnoreCase)) return new($"\"{role}\" is no role: SET ROLE none would return to the shared login");
        if (role.AsSpan().ContainsAny('{', '}')) return new("a template for a role is not available in this version");
        return role.Length == 0 ? new("the role is empty") : CheckName(role);
    }

    private static SettingProblem? CheckDistinguishedName(string text)
    {
        try
        {
            return new X500DistinguishedName(text, X500DistinguishedNameFlags.UseCommas).EnumerateRelativeDistinguishedNames().Any()
                ? null : new("the distinguished name is empty");
        }
        catch (CryptographicException)
        {
            return new($"\"{text}\" is no distinguished name", "Write the last part first, and a value with a comma in double quotes: CN=app,OU=jobs,O=Example.");
        }
    }

    private static SettingProblem? CheckFingerprint(string text) =>
        text.Replace(":", "", StringComparison.Ordinal) is { Length: 64 } digits && digits.All(char.IsAsciiHexDigit) ? null : new($"\"{text}\" is no SHA-256: 64 hexadecimal digits");

    /// <summary>A host name or an address.</summary>
    public static bool IsHost(string host) =>
        IPAddress.TryParse(host, out _) || (host.Length <= 253 && host.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')));
}
