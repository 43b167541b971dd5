using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Lookups;
using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// The users that PgBouncer's methods know: auth_file and [users.NAME], with their passwords in plain, md5 or SCRAM form. Immutable;
/// RELOAD makes a new one. Verifiers made from plain passwords are worked out once, on a worker.
/// </summary>
internal sealed class UserDirectory
{
    // One for the process, so that salts stay over RELOADs as stored ones do. Drawn when first asked for: a proxy that nobody logs in to by SCRAM does not load OpenSSL.
    private static readonly Lazy<byte[]> MockSecret = new(static () => RandomNumberGenerator.GetBytes(32));

    private readonly Dictionary<string, Entry> _users;
    private readonly HashSet<string> _admins;
    private readonly HashSet<string> _stats;

    private readonly int _scramIterations;
    private readonly double _verifierShare;

    // One bit for each of so many names that do not exist and were tried: bounded, whoever tries however many.
    private readonly long[] _tried = new long[1024];
    private long _slowSums;

    public UserDirectory(IEnumerable<KeyValuePair<string, string>> secrets, ProxySettings proxy)
    {
        _scramIterations = proxy.ScramIterations;
        _users = secrets.ToDictionary(pair => pair.Key, pair => new Entry(ScramVerifier.IsUnusable(pair.Value) ? "" : pair.Value), StringComparer.Ordinal);
        _verifierShare = _users.Count == 0 ? 0 : (double)_users.Values.Count(entry => ScramVerifier.HasForm(entry.Secret)) / _users.Count;
        _admins = proxy.AdminUsers.ToHashSet(StringComparer.Ordinal);
        _stats = proxy.StatsUsers.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What is known of those whom auth_query has found.</summary>
    public FoundUsers Found { get; private set; } = new(MockSecret);

    /// <summary>PBKDF2 sums so far, of which one takes milliseconds: whom they were done for must tell nobody who exists.</summary>
    public long SlowSums => Interlocked.Read(ref _slowSums);

    /// <summary>Everybody in it, in no order.</summary>
    public IReadOnlyCollection<string> Names => _users.Keys;

    private bool Knows(string user) => _users.ContainsKey(user);

    /// <summary>The stored secret, or null.</summary>
    private string? SecretOf(string user) => _users.TryGetValue(user, out var entry) && entry.Secret.Length > 0 ? entry.Secret : null;

    /// <summary>
    /// Whether this user's stored secret is a verifier: under md5 such are asked for SCRAM, and to check a plain password against one is slow. A user that does not exist has
    /// one as often as those that do, and the same each time, so that neither the question nor the time tells anything.
    /// </summary>
    public bool HasVerifier(string user) => SecretOf(user) is { } secret
        ? ScramVerifier.HasForm(secret)
        : _verifierShare > 0 && HMACSHA256.HashData(MockSecret.Value, Encoding.UTF8.GetBytes("method " + user))[0] < 256 * _verifierShare;

    /// <summary>The password to log in upstream with, where the stored form allows that (plain text, or md5 for md5).</summary>
    public Secret? UpstreamSecretOf(string user) => SecretOf(user) is { } secret && !ScramVerifier.HasForm(secret) ? new Secret(secret) : null;

    /// <summary>No file has a password for this user, who is to be looked up where there is an auth_user.</summary>
    public bool IsToBeLookedUp(string user) => SecretOf(user) is null;

    /// <summary>Takes the place of another: what was learned of users that were found goes on, or a RELOAD would show in how others are answered.</summary>
    public void Succeed(UserDirectory before) => Found = before.Found;

    /// <summary>Whether there is such a user, in the files or found by auth_query.</summary>
    public bool Knows(LoginExchange login) => login.Found is not null || Knows(login.User);

    /// <summary>The stored secret, or null.</summary>
    public string? SecretOf(LoginExchange login) => login.IsLookedUp ? login.Found?.Secret : SecretOf(login.User);

    /// <summary>As <see cref="HasVerifier(string)"/>, of whoever logs in.</summary>
    public bool HasVerifier(LoginExchange login) => !login.IsLookedUp ? HasVerifier(login.User)
        : login.Found?.Secret is { } secret ? ScramVerifier.HasForm(secret) : Found.PretendsVerifier(login.User);

    /// <summary>What PgBouncer's lists open of the console to a user whose name is proven.</summary>
    public ConsoleAccess ConsoleOf(string user) =>
        _admins.Contains(user) ? ConsoleAccess.Admin : _stats.Contains(user) ? ConsoleAccess.Stats : ConsoleAccess.None;

    /// <summary>What a login by this name grants once it is proven; null for a name that is in no file.</summary>
    public LoginResult? GrantOf(string user) => _users.TryGetValue(user, out var entry) ? entry.Grant ??= UserLogin.Make(this, user) : null;

    /// <summary>
    /// What a SCRAM login is checked against. For a user that does not exist, or has no password, a verifier that nothing matches, so that
    /// the exchange looks the same, and takes as long: where plain passwords are kept, the first login of each user works its verifier out.
    /// </summary>
    public Task<ScramVerifier> VerifierOfAsync(string user)
    {
        if (!_users.TryGetValue(user, out var entry) || entry.Secret.Length == 0 || Md5Password.HasForm(Encoding.UTF8.GetBytes(entry.Secret)))
        {
            var mock = ScramVerifier.Mock(MockSecret.Value, Encoding.UTF8.GetBytes(user), _scramIterations);
            return _users.Count == 0 || HasVerifier(user) || !IsFirstTry(user) ? Task.FromResult(mock) : PretendToDeriveAsync(mock);
        }

        return ScramVerifier.TryParse(entry.Secret, out var stored) ? Task.FromResult(stored) : entry.Derive(secret => Derive(user, secret));
    }

    /// <summary>As <see cref="VerifierOfAsync(string)"/>, of whoever logs in.</summary>
    public Task<ScramVerifier> VerifierOfAsync(LoginExchange login)
    {
        if (!login.IsLookedUp)
        {
            return VerifierOfAsync(login.User);
        }

        if (login.Found?.Secret is not { } secret || Md5Password.HasForm(Encoding.UTF8.GetBytes(secret)))
        {
            var mock = Found.Mock(login.User, _scramIterations);
            return Found.HasPlain ? PretendToDeriveAsync(mock) : Task.FromResult(mock);
        }

        return ScramVerifier.TryParse(secret, out var stored) ? Task.FromResult(stored) : PasswordSums.RunAsync(() => Derive(login.User, secret));
    }

    /// <summary>
    /// Checks a password that came in clear, where <see cref="HasVerifier(LoginExchange)"/>: what it is good for at servers, or null where it is wrong. A slow sum on a worker, whether or not
    /// there is such a user.
    /// </summary>
    public async Task<ServerProof?> ProveAsync(LoginExchange login, byte[] password)
    {
        var verifier = await VerifierOfAsync(login);
        Interlocked.Increment(ref _slowSums);
        return await PasswordSums.RunAsync(() => verifier.TryProve(password, out var keys) ? ServerProof.Of(keys, verifier) : null);
    }

    private async Task<ScramVerifier> PretendToDeriveAsync(ScramVerifier mock)
    {
        await PasswordSums.RunAsync(() => Derive("", "a password that nobody has"));
        return mock;
    }

    // With the salt that a user has who does not exist: drawn anew it would tell by each RELOAD, or each lookup, who does.
    private ScramVerifier Derive(string user, string password)
    {
        Interlocked.Increment(ref _slowSums);
        return ScramVerifier.FromPassword(SaslPrep.Prepare(Encoding.UTF8.GetBytes(password)), ScramVerifier.MockSalt(MockSecret.Value, Encoding.UTF8.GetBytes(user)), _scramIterations);
    }

    // By a keyed hash, so that nobody can choose names that share a bit.
    private bool IsFirstTry(string user)
    {
        var bit = BitConverter.ToUInt16(HMACSHA256.HashData(MockSecret.Value, Encoding.UTF8.GetBytes("tried " + user)));
        var mask = 1L << (bit % 64);
        return (Interlocked.Or(ref _tried[bit / 64], mask) & mask) == 0;
    }

    private sealed class Entry(string secret)
    {
        private Task<ScramVerifier>? _derived;

        public string Secret { get; } = secret;

        /// <summary>Immutable, so that it does no harm if two loops make one each.</summary>
        public LoginResult? Grant { get; set; }

        public Task<ScramVerifier> Derive(Func<string, ScramVerifier> derive) => _derived ??= PasswordSums.RunAsync(() => derive(Secret));
    }
}
