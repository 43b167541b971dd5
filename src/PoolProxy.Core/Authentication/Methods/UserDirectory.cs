using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// The users that PgBouncer's methods know: auth_file and [users.NAME], with their passwords in plain, md5 or SCRAM form. Immutable;
/// RELOAD makes a new one. Verifiers made from plain passwords are worked out once, on a worker.
/// </summary>
internal sealed class UserDirectory
{
    private readonly FrozenDictionary<string, Entry> _users;
    private readonly FrozenSet<string> _admins;
    private readonly FrozenSet<string> _stats;

    // Drawn when first asked for: a proxy that nobody logs in to by SCRAM does not load OpenSSL.
    private readonly Lazy<byte[]> _mockSecret = new(static () => RandomNumberGenerator.GetBytes(32));
    private readonly int _scramIterations;
    private readonly double _verifierShare;

    public UserDirectory(IEnumerable<KeyValuePair<string, string>> secrets, ProxySettings proxy)
    {
        _scramIterations = proxy.ScramIterations;
        _users = secrets.Select(pair => KeyValuePair.Create(pair.Key, new Entry(pair.Value))).ToFrozenDictionary(StringComparer.Ordinal);
        _verifierShare = _users.Count == 0 ? 0 : (double)_users.Values.Count(entry => ScramVerifier.HasForm(entry.Secret)) / _users.Count;
        _admins = proxy.AdminUsers.ToFrozenSet(StringComparer.Ordinal);
        _stats = proxy.StatsUsers.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Everybody in it, in no order.</summary>
    public IReadOnlyCollection<string> Names => _users.Keys;

    public bool Knows(string user) => _users.ContainsKey(user);

    /// <summary>The stored secret, or null.</summary>
    public string? SecretOf(string user) => _users.TryGetValue(user, out var entry) && entry.Secret.Length > 0 ? entry.Secret : null;

    /// <summary>
    /// Under md5, where users with a verifier are asked for SCRAM: whether this one is. A user that does not exist is asked for the one or the
    /// other as often as those that do, and for the same each time, so that the question tells nothing.
    /// </summary>
    public bool IsAskedForScram(string user) => SecretOf(user) is { } secret
        ? ScramVerifier.HasForm(secret)
        : _verifierShare > 0 && HMACSHA256.HashData(_mockSecret.Value, Encoding.UTF8.GetBytes("method " + user))[0] < 256 * _verifierShare;

    /// <summary>The password to log in upstream with, where the stored form allows that (plain text, or md5 for md5).</summary>
    public Secret? UpstreamSecretOf(string user) => SecretOf(user) is { } secret && !ScramVerifier.HasForm(secret) ? new Secret(secret) : null;

    /// <summary>What PgBouncer's lists open of the console to a user whose name is proven.</summary>
    public ConsoleAccess ConsoleOf(string user) =>
        _admins.Contains(user) ? ConsoleAccess.Admin : _stats.Contains(user) ? ConsoleAccess.Stats : ConsoleAccess.None;

    /// <summary>What a login by this name grants once it is proven; null for a name that is in no file.</summary>
    public LoginResult? GrantOf(string user) => _users.TryGetValue(user, out var entry) ? entry.Grant ??= UserLogin.Make(this, user) : null;

    /// <summary>
    /// What a SCRAM login is checked against. For a user that does not exist, or has no password, a verifier that nothing matches, so that
    /// the exchange looks the same.
    /// </summary>
    public Task<ScramVerifier> VerifierOfAsync(string user)
    {
        if (!_users.TryGetValue(user, out var entry) || entry.Secret.Length == 0 || Md5Password.HasForm(Encoding.UTF8.GetBytes(entry.Secret)))
        {
            return Task.FromResult(ScramVerifier.Mock(_mockSecret.Value, Encoding.UTF8.GetBytes(user), _scramIterations));
        }

        return ScramVerifier.TryParse(entry.Secret, out var stored) ? Task.FromResult(stored) : entry.Derive(_scramIterations);
    }

    private sealed class Entry(string secret)
    {
        private Task<ScramVerifier>? _derived;

        public string Secret { get; } = secret;

        /// <summary>Immutable, so that it does no harm if two loops make one each.</summary>
        public LoginResult? Grant { get; set; }

        public Task<ScramVerifier> Derive(int iterations) => _derived ??= Task.Run(() =>
            ScramVerifier.FromPassword(SaslPrep.Prepare(Encoding.UTF8.GetBytes(Secret)), RandomNumberGenerator.GetBytes(16), iterations));
    }
}
