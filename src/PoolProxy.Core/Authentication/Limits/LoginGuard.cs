using System.Net;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Limits;

/// <summary>
/// <c>[limits]</c>: who logs in too often, too many times at once, or in vain. One for all loops; any thread may call. Each login has its <see cref="LoginPasses"/>.
/// </summary>
internal sealed class LoginGuard
{
    private readonly ILogger _log;
    private readonly LoginTable _addresses;
    private readonly LoginTable _identities;
    private readonly LoginTable _issuers;
    private volatile Exemptions _exempt = new([], HasUnix: true);
    private volatile bool _isOn;
    private long _turnedAwayCount;

    public LoginGuard(TimeProvider time, ILogger log)
    {
        _log = log;
        _addresses = new LoginTable(ScopeLimits.None, time);
        _identities = new LoginTable(ScopeLimits.None, time);
        _issuers = new LoginTable(ScopeLimits.None, time);
    }

    /// <summary>Any limit is on: without one, logins are not looked at.</summary>
    public bool IsOn => _isOn;

    /// <summary>Logins refused for what others before them did, since the start.</summary>
    public long TurnedAwayCount => Interlocked.Read(ref _turnedAwayCount);

    /// <summary>Every ban that is remembered.</summary>
    public IEnumerable<Ban> Bans =>
        [.. _addresses.Bans(LimitScope.Address), .. _identities.Bans(LimitScope.Identity), .. _issuers.Bans(LimitScope.Issuer)];

    /// <summary>Takes new settings; what is remembered stays.</summary>
    public void Apply(ProxyConfiguration configuration)
    {
        var limits = configuration.Limits;
        ScopeLimits Of(int perSecond, int atOnce, int failures) => new(perSecond, atOnce, failures, limits.BanTime, limits.BanTimeMax, limits.BanMemory);
        _addresses.Limits = Of(limits.AddressLoginsPerSecond, limits.AddressLoginsAtOnce, configuration.AddressFailures);
        _identities.Limits = Of(limits.IdentityLoginsPerSecond, limits.IdentityLoginsAtOnce, limits.IdentityFailures);
        _issuers.Limits = Of(limits.IssuerLoginsPerSecond, limits.IssuerLoginsAtOnce, limits.IssuerFailures);
        var isOn = _addresses.Limits.IsOn || _identities.Limits.IsOn || _issuers.Limits.IsOn;
        if (isOn)
        {
            _exempt = Exemptions.Read(limits.AddressExempt);
        }

        _isOn = isOn;
    }

    /// <summary>Lifts bans: of an address (or one of its network), an identity or an issuer as SHOW BANS names it, or, with null, all. Answers how many.</summary>
    public int Unban(string? name)
    {
        name = name is not null && IPAddress.TryParse(name, out var address) ? LimitKeys.NameOf(address) : name;
        return _addresses.Unban(name) + _identities.Unban(name) + _issuers.Unban(name);
    }

    /// <summary>A login begins in a scope; where <paramref name="isHeld"/>, <see cref="Leave"/> follows.</summary>
    public LimitVerdict Enter(LimitScope scope, UInt128 key, out bool isHeld)
    {
        var verdict = TableOf(scope).Enter(key, out isHeld);
        if (verdict != LimitVerdict.Admitted)
        {
            Interlocked.Increment(ref _turnedAwayCount);
        }

        return verdict;
    }

    /// <summary>A held login is over.</summary>
    public void Leave(LimitScope scope, UInt128 key) => TableOf(scope).Leave(key);

    /// <summary>A login has failed; a ban that begins is told to the log.</summary>
    public void Fail(LimitScope scope, UInt128 key, Func<string> name)
    {
        var bounded = () => ErrorText.Name(name());
        var ban = TableOf(scope).Fail(key, bounded);
        if (ban > TimeSpan.Zero)
        {
            _log.LoginsBanned(scope.ToString(), bounded(), ban.TotalSeconds);
        }
    }

    /// <summary>Whether a client's address counts; null is the Unix socket.</summary>
    public bool Counts(IPAddress? address) => !_exempt.Hold(address);

    private LoginTable TableOf(LimitScope scope) => scope switch
    {
        LimitScope.Address => _addresses,
        LimitScope.Identity => _identities,
        _ => _issuers,
    };

    private sealed record Exemptions(HbaNetwork[] Networks, bool HasUnix)
    {
        // The texts were checked with the file.
        public static Exemptions Read(IReadOnlyList<string> texts) => new(
            [.. texts.Select(text => HbaNetwork.TryReadAny(text, out var network) ? network : null).OfType<HbaNetwork>()],
            texts.Contains(LimitSettings.Unix));

        public bool Hold(IPAddress? address) => address is null ? HasUnix : Array.Exists(Networks, network => network.Holds(address));
    }
}
